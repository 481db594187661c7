/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The roles that are to be assumed, by options and a file of accounts. Knows how
 * their ARNs are formed; assumes none.
 */
#include "ask/ask.h"

#include <string.h>

#include "base/file.h"
#include "base/text.h"

static bool is_role_arn(struct str arn)
{
	struct str account;
	size_t i;

	if (!str_starts(arn, STR("arn:aws")) || arn.len > 2048)
		return false;
	for (i = 0; i < arn.len; i++)
		if ((unsigned char)arn.data[i] <= ' ' || (unsigned char)arn.data[i] >= 0x7F ||
		    arn.data[i] == '"' || arn.data[i] == '\\')
			return false;
	for (i = 7; i < arn.len && arn.data[i] != ':'; i++)
		;
	if (arn.len < i + 24 || memcmp(arn.data + i, ":iam::", 6) != 0)
		return false;
	account = (struct str){ arn.data + i + 6, 12 };
	for (i = 0; i < 12; i++)
		if (account.data[i] < '0' || account.data[i] > '9')
			return false;
	arn.len -= (size_t)(account.data + 12 - arn.data);
	arn.data = account.data + 12;
	return str_starts(arn, STR(":role/")) && arn.len > 6;
}

/* A line an account: twelve digits; blank lines and what follows # say nothing. */
static int read_accounts(struct arena *arena, const char *path, const char ***accounts, size_t *n,
			 struct err *err)
{
	struct buf text = BUF_INIT(LIMIT_ACCOUNTS_SIZE);
	struct str line;
	char *at, *end;
	size_t number = 0, i;
	int rc = file_read(&text, path, err);

	*n = 0;
	if (rc == 0)
		*accounts = ARENA_ARRAY(arena, LIMIT_ACCOUNTS, const char *);
	for (at = text.data; rc == 0 && at != NULL && at < text.data + text.len; at = end + 1) {
		end = memchr(at, '\n', text.len - (size_t)(at - text.data));
		if (end == NULL)
			end = text.data + text.len;
		number++;
		line = (struct str){ at, (size_t)(end - at) };
		for (i = 0; i < line.len && line.data[i] != '#'; i++)
			;
		line.len = i;
		while (line.len != 0 && strchr(" \t\r", line.data[line.len - 1]) != NULL)
			line.len--;
		while (line.len != 0 && (*line.data == ' ' || *line.data == '\t')) {
			line.data++;
			line.len--;
		}
		if (line.len == 0)
			continue;
		for (i = 0; i < line.len && line.data[i] >= '0' && line.data[i] <= '9'; i++)
			;
		if (line.len != 12 || i != 12)
			rc = err_set(err, ERR_USAGE,
				     "'%s', line %zu: no account's number, which has "
				     "twelve digits",
				     path, number);
		else if (*n == LIMIT_ACCOUNTS)
			rc = err_set(err, ERR_USAGE, "'%s': more than %d accounts", path,
				     LIMIT_ACCOUNTS);
		else
			(*accounts)[(*n)++] = arena_str(arena, line).data;
	}
	if (rc == 0 && *n == 0)
		rc = err_set(err, ERR_USAGE, "'%s' names no account", path);
	if (rc == -1)
		err->kind = ERR_USAGE;
	buf_release(&text);
	return rc;
}

static bool is_role_name(const char *name)
{
	size_t len = strlen(name);

	return len >= 1 && len <= 512 &&
	       strspn(name,
		      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@-/") ==
		   len;
}

static int check_arns(const char *const *roles, size_t n, struct err *err)
{
	struct buf shown = BUF_INIT(0);
	size_t i;

	for (i = 0; i < n; i++) {
		if (is_role_arn(str_of(roles[i])))
			continue;
		text_put_quoted(&shown, str_of(roles[i]), 200);
		err_set(err, ERR_USAGE, "%s is no ARN of a role", shown.data);
		buf_release(&shown);
		return -1;
	}
	return 0;
}

int ask_roles(const struct ask *a, const char *partition, struct arena *arena, const char ***roles,
	      size_t *n, struct err *err)
{
	const char **accounts = NULL;
	size_t i;

	if (a->accounts == NULL) {
		if (ask_split(a->roles, LIMIT_ACCOUNTS, arena, roles, n, err) == -1)
			return err_wrap(err, "option '--assume-role'");
		return check_arns(*roles, *n, err);
	}
	if (!is_role_name(a->role_name))
		return err_set(err, ERR_USAGE, "option '--role-name': it is no name of a role");
	if (read_accounts(arena, a->accounts, &accounts, n, err) == -1)
		return err_wrap(err, "option '--accounts'");
	*roles = ARENA_ARRAY(arena, *n, const char *);
	for (i = 0; i < *n; i++)
		(*roles)[i] = arena_printf(arena, "arn:%s:iam::%s:role/%s", partition, accounts[i],
					   a->role_name);
	return 0;
}
