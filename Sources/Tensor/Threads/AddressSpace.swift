import Foundation

/// OpenBLAS where the address space of the process is limited, as by `ulimit -v`: each thread that calls it gets a
/// buffer, and one that does not get it tries for ever.
extension OpenBLAS {
  /// The buffer of a thread.
  private static let bufferBytes = 128 << 20

  /// The limit in bytes; `nil` where there is none.
  private static let limit: Int? = {
    #if os(Linux)
      var space = rlimit()
      guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &space) == 0, space.rlim_cur < rlim_t(Int.max) else {
        return nil
      }
      return Int(space.rlim_cur)
    #else
      return nil
    #endif
  }()

  /// How many threads may call OpenBLAS at once: half of a limited address space goes to their buffers.
  static let mostCallers: Int = limit.map { max(1, $0 / 2 / bufferBytes) } ?? .max

  /// Whether a buffer can be had now, and so many bytes beside it.
  fileprivate static func hasRoomForBuffer(beside bytes: Int) -> Bool {
    guard limit != nil else { return true }
    let size = bufferBytes + bytes
    let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory, memory != MAP_FAILED else { return false }
    munmap(memory, size)
    return true
  }

  /// What stops the first call where it would never return; `nil` where it has its buffer.
  static var reasonToStop: String? { hasRoomForBuffer(beside: 0) ? nil : OpenBLASSetUp.lackOfRoom }
}

extension OpenBLASSetUp {
  /// What to do about a limit on the address space that leaves no room for OpenBLAS, in words; `nil` where it has room.
  ///
  /// The first product or factorization stops the program with these words; a program that would rather say so itself
  /// asks before it.
  public static var lackOfAddressSpace: String? {
    // A program and its data grow before the first call.
    OpenBLAS.hasRoomForBuffer(beside: 96 << 20) ? nil : lackOfRoom
  }

  fileprivate static var lackOfRoom: String {
    "the limit on the address space (ulimit -v) leaves no room for the buffer of OpenBLAS, 128 MiB, and for data: "
      + "raise the limit, or limit memory by a control group instead"
  }
}
