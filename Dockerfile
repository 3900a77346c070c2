# All that builds and runs models for every board, in one image:
#
#   docker build -t iree-baremetal . && docker run --rm -v "$PWD:/work" -w /work iree-baremetal ./sconsw board=stm32f4 run
FROM debian:13
RUN apt-get update -q && apt-get install -y -q --no-install-recommends \
        ca-certificates git python3 python3-venv gcc libc6-dev g++ clangd gdb-multiarch \
        gcc-arm-none-eabi libnewlib-arm-none-eabi gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf \
        qemu-system-arm qemu-system-riscv \
    && rm -rf /var/lib/apt/lists/*
# Outside the checkout, which the host may share; it serves as long as requirements.txt is the same.
ENV SCONSW_VENV=/opt/iree-baremetal
COPY . /tmp/checkout
RUN cd /tmp/checkout && ./sconsw -h >/dev/null && rm -rf /tmp/checkout && chmod -R a+rwX /opt/iree-baremetal
