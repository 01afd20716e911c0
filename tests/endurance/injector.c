/* Preloaded into the runs of tests/endurance: makes the n-th file call below a folder fail, or the process die there.

   injector_arm() sets what happens; the counts lie in memory that the test shares with the run, so that it reads
   after a death how far the run had got. Everything outside the folder, and every call that is not chosen, passes
   through untouched. Linux and glibc. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum call { OPEN, READ, WRITE, SYNC, TRUNCATE, RENAME, UNLINK, MKDIR, MAP, CALLS };
enum deed { COUNT, FAIL_ONCE, FAIL_ON, DIE, DIE_HALFWAY, SET_CLOCK };

struct reached {
    long calls[CALLS];  /* below the folder, by kind */
    long chosen;        /* of the chosen kinds */
    long hits;          /* how often a call was made to fail, or 1 at a death */
    char last[160];     /* kind and file of the latest hit */
};

static struct reached *reached;
static char folder[PATH_MAX];
static unsigned kinds;
static long deadly;
static int deed, error_number;
static volatile long ahead; /* seconds by which the clock of the day was set */
static __thread int inside;

static const char *NAMES[CALLS] = {"open", "read", "write", "sync", "truncate", "rename", "unlink", "mkdir", "mmap"};

void injector_arm(struct reached *shared, const char *below, unsigned mask, long nth, int what, int error) {
    strncpy(folder, below, sizeof folder - 1);
    kinds = mask;
    deadly = nth;
    deed = what;
    error_number = error;
    __sync_synchronize();
    reached = shared;
}

/* A process that is not forked from the test is told by its environment: mask:nth:deed:error:counts:folder. */
__attribute__((constructor)) static void arm_from_environment(void) {
    const char *told = getenv("VISNYK_FAULT");
    char counts[PATH_MAX], below[PATH_MAX];
    unsigned mask;
    long nth;
    int what, error;
    if (!told || sscanf(told, "%u:%ld:%d:%d:%4000[^:]:%4000[^:]", &mask, &nth, &what, &error, counts, below) != 6)
        return;
    int descriptor = open(counts, O_RDWR);
    void *shared = mmap(NULL, sizeof(struct reached), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (shared != MAP_FAILED)
        injector_arm(shared, below, mask, nth, what, error);
}

static int path_of(int descriptor, char *path) {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length > 0 ? length : 0] = 0;
    return length > 0;
}

/* 0: let it through; otherwise the error to answer with. A deadly call does not return; before a torn write dies
   it gives -1, so that the caller may write one half. */
static int chosen(enum call kind, const char *path) {
    if (!reached || inside || strncmp(path, folder, strlen(folder)))
        return 0;
    __sync_add_and_fetch(&reached->calls[kind], 1);
    if (!(kinds & 1u << kind))
        return 0;
    long number = __sync_add_and_fetch(&reached->chosen, 1);
    if (deed == COUNT || number < deadly || (deed != FAIL_ON && number > deadly))
        return 0;
    const char *name = strrchr(path, '/');
    snprintf(reached->last, sizeof reached->last, "%s %.140s", NAMES[kind], name ? name + 1 : path);
    reached->hits++;
    if (deed == SET_CLOCK) {
        ahead = error_number;
        return 0;
    }
    if (deed == DIE || (deed == DIE_HALFWAY && kind != WRITE))
        kill(getpid(), SIGKILL);
    return deed == DIE_HALFWAY ? -1 : error_number;
}

static int chosen_descriptor(enum call kind, int descriptor) {
    char path[PATH_MAX];
    if (!reached || inside)
        return 0;
    int kept = errno;
    int answer = path_of(descriptor, path) ? chosen(kind, path) : 0;
    errno = kept;
    return answer;
}

static const char *absolute(const char *path, char *room) {
    if (path[0] == '/' || !getcwd(room, PATH_MAX / 2))
        return path;
    size_t length = strlen(room);
    snprintf(room + length, PATH_MAX - length, "/%s", path);
    return room;
}

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)
#define FAIL(found, answer) if (found) { errno = found; return answer; }

#define OPENS(name) \
    int name(const char *path, int flags, ...) { \
        REAL(name); \
        char room[PATH_MAX]; \
        mode_t mode = 0; \
        if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); } \
        int found = reached ? chosen(OPEN, absolute(path, room)) : 0; \
        if (found == -1) found = EIO; \
        FAIL(found, -1); \
        return real(path, flags, mode); \
    }
OPENS(open)
OPENS(open64)

#define WRITES(name, parameters, arguments, half) \
    ssize_t name parameters { \
        REAL(name); \
        int found = chosen_descriptor(WRITE, descriptor); \
        if (found == -1) { size_t size = count / 2; (void)!half; kill(getpid(), SIGKILL); } \
        FAIL(found, -1); \
        return real arguments; \
    }
WRITES(write, (int descriptor, const void *from, size_t count), (descriptor, from, count), real(descriptor, from, size))
WRITES(pwrite, (int descriptor, const void *from, size_t count, off_t at), (descriptor, from, count, at),
       real(descriptor, from, size, at))
WRITES(pwrite64, (int descriptor, const void *from, size_t count, off64_t at), (descriptor, from, count, at),
       real(descriptor, from, size, at))

#define SIMPLE(kind, result, failed, name, parameters, arguments) \
    result name parameters { \
        REAL(name); \
        int found = chosen_descriptor(kind, descriptor); \
        FAIL(found, failed); \
        return real arguments; \
    }
SIMPLE(READ, ssize_t, -1, read, (int descriptor, void *to, size_t count), (descriptor, to, count))
SIMPLE(READ, ssize_t, -1, pread, (int descriptor, void *to, size_t count, off_t at), (descriptor, to, count, at))
SIMPLE(READ, ssize_t, -1, pread64, (int descriptor, void *to, size_t count, off64_t at), (descriptor, to, count, at))
SIMPLE(SYNC, int, -1, fsync, (int descriptor), (descriptor))
SIMPLE(SYNC, int, -1, fdatasync, (int descriptor), (descriptor))
SIMPLE(TRUNCATE, int, -1, ftruncate, (int descriptor, off_t size), (descriptor, size))
SIMPLE(TRUNCATE, int, -1, ftruncate64, (int descriptor, off64_t size), (descriptor, size))
SIMPLE(MAP, void *, MAP_FAILED, mmap, (void *at, size_t size, int may, int flags, int descriptor, off_t from),
       (at, size, may, flags, descriptor, from))
SIMPLE(MAP, void *, MAP_FAILED, mmap64, (void *at, size_t size, int may, int flags, int descriptor, off64_t from),
       (at, size, may, flags, descriptor, from))

#define NAMED(kind, name, parameters, arguments) \
    int name parameters { \
        REAL(name); \
        char room[PATH_MAX]; \
        int found = reached ? chosen(kind, absolute(path, room)) : 0; \
        FAIL(found, -1); \
        return real arguments; \
    }
NAMED(RENAME, rename, (const char *path, const char *to), (path, to))
NAMED(UNLINK, unlink, (const char *path), (path))
NAMED(MKDIR, mkdir, (const char *path, mode_t mode), (path, mode))

int clock_gettime(clockid_t which, struct timespec *found) {
    REAL(clock_gettime);
    int answer = real(which, found);
    if (!answer && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE))
        found->tv_sec += ahead;
    return answer;
}

int gettimeofday(struct timeval *restrict found, void *restrict zone) {
    REAL(gettimeofday);
    int answer = real(found, zone);
    if (!answer)
        found->tv_sec += ahead;
    return answer;
}

time_t time(time_t *found) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (found)
        *found = now.tv_sec;
    return now.tv_sec;
}
