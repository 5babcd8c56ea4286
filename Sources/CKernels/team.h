/// A few threads that work in step on one kernel, and wait for each other by spinning: their steps take microseconds.
#ifndef TEAM_H
#define TEAM_H

#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>

enum { most_members = 64 };

typedef struct {
    /// Set once all that could be started are.
    _Atomic int members;
    /// How often each member has waited, on a line of the cache of its own: one transfer tells it to another core.
    struct {
        _Alignas(64) _Atomic int round;
    } of[most_members];
} team_barrier;

static inline void team_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/// Waits until it is known how many members there are.
static inline void team_assemble(team_barrier *barrier) {
    while (atomic_load_explicit(&barrier->members, memory_order_acquire) == 0) { team_pause(); }
}

/// Returns when every member has called it as often as this one. `round` is the member's own count of calls.
static inline void team_wait(team_barrier *barrier, int member, int *round) {
    const int mine = ++*round, members = atomic_load_explicit(&barrier->members, memory_order_relaxed);
    atomic_store_explicit(&barrier->of[member].round, mine, memory_order_release);
    for (int other = 0; other < members; other++) {
        // On a busy machine the other member may not be running: then let it.
        for (int spins = 0; atomic_load_explicit(&barrier->of[other].round, memory_order_acquire) < mine; spins++) {
            if (spins < 500) {
                team_pause();
            } else {
                sched_yield();
            }
        }
    }
}

/// Starts a member on another core than this thread's.
///
/// A scheduler that finds the machine idle may put both on one core for some milliseconds, in which they would wait for
/// each other at every step.
static inline int team_start(pthread_t *thread, void *(*run)(void *), void *argument) {
#if defined(__linux__)
    pthread_attr_t attributes;
    cpu_set_t others;
    int core = sched_getcpu();
    if (core >= 0 && sched_getaffinity(0, sizeof others, &others) == 0 && CPU_COUNT(&others) > 1
        && pthread_attr_init(&attributes) == 0) {
        CPU_CLR((size_t)core, &others);
        int failed = pthread_attr_setaffinity_np(&attributes, sizeof others, &others)
            || pthread_create(thread, &attributes, run, argument);
        pthread_attr_destroy(&attributes);
        if (!failed) { return 0; }
    }
#endif
    return pthread_create(thread, NULL, run, argument);
}

#endif
