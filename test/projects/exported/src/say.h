#ifndef SAY_H
#define SAY_H

void say(const char *text);

#endif
