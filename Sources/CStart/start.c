/// Starts OpenBLAS with one thread where the address space is limited (`ulimit -v`).
///
/// OpenBLAS starts a thread for every core when it is loaded, each with a buffer of 128 MiB, and a thread that does not
/// get its buffer tries for ever: the program would never end. The library does not use these threads, but it cannot
/// say so in time, because the initialization of shared libraries comes before any code of a program except this.
#include "CStart.h"

#if defined(__linux__)
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const char variable[] = "OPENBLAS_NUM_THREADS=";

static void start(int count, char **arguments, char **environment) {
    (void)count;
    struct rlimit space;
    if (getrlimit(RLIMIT_AS, &space) || space.rlim_cur == RLIM_INFINITY) { return; }
    size_t entries = 0;
    for (; environment[entries]; entries++) {
        if (strncmp(environment[entries], variable, sizeof variable - 1) == 0) { return; }
    }
    // The number of threads of the library stays what it would be.
    static char one[] = "OPENBLAS_NUM_THREADS=1", cores[64];
    snprintf(cores, sizeof cores, "LINEARSTRUCTURES_THREADS=%ld", sysconf(_SC_NPROCESSORS_ONLN));
    // The C library sets its own copy of the environment later, so the program starts once more with another one.
    char *changed[entries + 3];
    memcpy(changed, environment, entries * sizeof *environment);
    changed[entries] = one, changed[entries + 1] = cores, changed[entries + 2] = NULL;
    execve("/proc/self/exe", arguments, changed);
}

__attribute__((section(".preinit_array"), used)) static void (*const before_libraries)(int, char **, char **) = start;
#endif
