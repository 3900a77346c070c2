#include <stdio.h>

int main(void) { return puts("helped") < 0; }
