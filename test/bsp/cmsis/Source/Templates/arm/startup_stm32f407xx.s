; For another assembler: whoever takes this one for GCC's fails.
        AREA    RESET, DATA, READONLY
        END
