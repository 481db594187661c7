/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Giving up what is no longer needed. Knows what this system offers; does not
 * know who asks. Nothing here fails: a system that offers less protects less.
 */
#define _GNU_SOURCE
#include "base/sandbox.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

/* LeakSanitizer traces its own process, which needs what is given up here. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TRACED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer) || __has_feature(leak_sanitizer)
#define TRACED 1
#endif
#endif
#ifndef TRACED
#define TRACED 0
#endif

void sandbox_start(void)
{
	struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
	/* a core that is piped to a program ignores the limit, but not this */
	if (!TRACED)
		(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#endif
}

/* ---- no network ------------------------------------------------------------ */

#if defined(__linux__) && defined(SYS_seccomp) && defined(__x86_64__)
#define OWN_ARCH AUDIT_ARCH_X86_64
#elif defined(__linux__) && defined(SYS_seccomp) && defined(__aarch64__) && defined(__AARCH64EL__)
#define OWN_ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef OWN_ARCH

/* Numbers that are the same on every architecture, and newer than some headers. */
#define NR_PIDFD_GETFD       438
#define NR_IO_URING_SETUP    425
#define NR_IO_URING_ENTER    426
#define NR_IO_URING_REGISTER 427

/* x86-64 has a second set of numbers (x32), from this bit on. */
#define X32_BIT 0x40000000u

/* Any way to make a socket, to use one, or to take one from another process. */
static const unsigned denied[] = {
	SYS_socket,        SYS_socketpair,        SYS_connect,    SYS_bind,    SYS_listen,
	SYS_accept,        SYS_accept4,           SYS_sendto,     SYS_sendmsg, SYS_sendmmsg,
	SYS_recvmsg,                          /* brings descriptors in */
	SYS_recvmmsg,      NR_IO_URING_SETUP, /* has a socket operation of its own, which no filter
						 sees */
	NR_IO_URING_ENTER, NR_IO_URING_REGISTER,  NR_PIDFD_GETFD,
#if !TRACED
	SYS_ptrace,        SYS_process_vm_writev,
#endif
};

/* Another program: it would keep what is denied, but hold what we hold. */
static const unsigned denied_exec[] = { SYS_execve, SYS_execveat };

#define N(array)    (sizeof(array) / sizeof((array)[0]))
#define MOST_LENGTH (N(denied) + 7)

_Static_assert(MOST_LENGTH < 256, "a jump of the filter is one byte");
_Static_assert(N(denied_exec) <= N(denied), "the longest filter");

/*
 * The filter: [0] which architecture; [2] the number; [3] x32; then a comparison
 * for each denied number; then allow, deny, kill. Jumps count from the next line.
 */
static size_t filter_make(struct sock_filter filter[MOST_LENGTH], const unsigned *numbers,
			  size_t n_numbers)
{
	const size_t length = n_numbers + 7, allow = length - 3, deny = length - 2,
		     kill = length - 1;
	size_t n = 0, i;

	filter[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						   offsetof(struct seccomp_data, arch));
	/* a call by another architecture's numbers is never ours */
	filter[n] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCH, 0,
						 (unsigned char)(kill - n - 1));
	n++;
	filter[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						   offsetof(struct seccomp_data, nr));
	filter[n] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT,
						 (unsigned char)(deny - n - 1), 0);
	n++;
	for (i = 0; i < n_numbers; i++, n++)
		filter[n] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, numbers[i],
							 (unsigned char)(deny - n - 1), 0);
	filter[allow] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	filter[deny] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES);
	filter[kill] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	return length;
}

static void deny(const unsigned *numbers, size_t n)
{
	struct sock_filter filter[MOST_LENGTH];
	struct sock_fprog program = { .filter = filter };

	program.len = (unsigned short)filter_make(filter, numbers, n);
	/* for threads that are there already, too, where there are any */
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) != 0)
		(void)prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

void sandbox_no_network(void)
{
	deny(denied, N(denied));
}

void sandbox_no_exec(void)
{
	deny(denied_exec, N(denied_exec));
}

#else

void sandbox_no_network(void)
{
}

void sandbox_no_exec(void)
{
}

#endif

/* ---- what is in force ------------------------------------------------------ */

static bool privileges_are_given_up(void)
{
#ifdef __linux__
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
#else
	return false;
#endif
}

/* Asked by trying: a container's own filter looks like ours from within. */
static bool sockets_are_denied(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	if (fd == -1)
		return errno == EACCES;
	close(fd);
	return false;
}

const char *sandbox_describe(void)
{
	bool privileges = privileges_are_given_up(), sockets = sockets_are_denied();

	if (privileges && sockets)
		return "no_new_privs, seccomp";
	if (privileges)
		return "no_new_privs";
	return sockets ? "seccomp" : "none";
}
