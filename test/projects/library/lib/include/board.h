// Their own board.h, which has nothing to do with the tool's.
#ifndef BOARD_H
#define BOARD_H

#ifdef __cplusplus
extern "C"
#endif
void say(const char *text);

#endif
