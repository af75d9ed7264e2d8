#pragma once
#include <git2.h>

/// `git_libgit2_opts` is variadic, which Swift cannot call. Muster reads repositories of other
/// users (`sudo muster`), so libgit2's owner check is turned off; nothing of them is executed.
static inline int muster_git_allow_any_owner(void) {
  return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
}
