description = "this machine's own CPU"
toolchain = ""
triple = "host"
sources = ["host.c", "print.c", "console_host.c", "counter_host.c"]
