#pragma once
#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
#include <zlib.h>

// `git_libgit2_opts` is variadic, which Swift cannot call.

/// Muster reads repositories of other users (`sudo muster`), so libgit2's owner check is turned off;
/// nothing of them is executed.
static inline int muster_git_allow_any_owner(void) {
  return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
}

/// Looks for configuration of that level (system, XDG, global) in `path` alone; "" for nowhere.
static inline int muster_git_set_search_path(git_config_level_t level, const char *path) {
  return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

/// Bytes of objects that libgit2 keeps in memory, over all repositories.
static inline int muster_git_set_cache_bytes(ssize_t bytes) {
  return git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, bytes);
}

/// Pack files that libgit2 keeps open at once.
static inline int muster_git_set_open_packs(size_t count) {
  return git_libgit2_opts(GIT_OPT_SET_MWINDOW_FILE_LIMIT, count);
}

/// Every object read is hashed and compared with its id. libgit2's default, and meant to stay.
static inline int muster_git_verify_hashes(void) {
  return git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1);
}

/// A backend of an object database that is written in Swift: libgit2's part first, then ours.
typedef struct {
  git_odb_backend parent;
  void *owner;
} muster_git_backend;

/// `inflateInit` is a macro.
static inline int muster_inflate_init(z_stream *stream) { return inflateInit(stream); }
