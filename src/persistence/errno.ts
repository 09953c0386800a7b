/**
 * The system's error texts as strerror(3) of glibc words them: Redis puts them into replies and logs.
 *
 * Node only has libuv's wording ("no space left on device"), which is what remains for a code that is not listed here.
 */

const texts: Readonly<Record<string, string>> = {
  EACCES: "Permission denied",
  EBADF: "Bad file descriptor",
  EBUSY: "Device or resource busy",
  EDQUOT: "Disk quota exceeded",
  EFBIG: "File too large",
  EINVAL: "Invalid argument",
  EIO: "Input/output error",
  EISDIR: "Is a directory",
  EMFILE: "Too many open files",
  ENFILE: "Too many open files in system",
  ENODEV: "No such device",
  ENOENT: "No such file or directory",
  ENOSPC: "No space left on device",
  ENOTDIR: "Not a directory",
  ENXIO: "No such device or address",
  EPERM: "Operation not permitted",
  EROFS: "Read-only file system"
}

/** What went wrong, without the path and the name of the call that Node adds. */
export const describeErrno = (error: NodeJS.ErrnoException): string => texts[error.code ?? ""] ?? error.message
