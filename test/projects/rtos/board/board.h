// Their own board.h, which has nothing to do with the tool's.
#ifndef BOARD_H
#define BOARD_H

void say(const char *text);

#endif
