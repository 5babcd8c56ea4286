import Foundation

/// A path as the system has it: bytes, which need not be text.
///
/// `String` and `URL` hold text only. Where bytes of a path are not UTF-8, ``text(of:)`` puts the private scalar
/// U+EF00 + b in the place of each such byte b. A path that holds such scalars is turned back into its bytes, unless
/// a file of exactly this name exists.
///
/// ```swift
/// print(SystemPath(folder).isFolder, SystemPath(folder).entries ?? [])
/// ```
public struct SystemPath: Sendable, Hashable {
  /// The bytes, without the 0 that ends them in C.
  public let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// The path of a file, made absolute.
  public init(_ location: some FileLocation) {
    let text = location.fileURL.path
    let plain = SystemPath(bytes: Array(text.utf8))
    let holdsBytes = text.unicodeScalars.contains { Self.byte(for: $0) != nil }
    guard holdsBytes, plain.status(throughLinks: false) == nil else {
      self = plain
      return
    }
    bytes = text.unicodeScalars.flatMap { scalar in
      Self.byte(for: scalar).map { [$0] } ?? Array(String(scalar).utf8)
    }
  }

  /// The bytes of a path or of a command line argument, as text that can be turned back.
  public static func text(of bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self), !text.unicodeScalars.contains(where: isPrivate) {
      return text
    }
    var result = String.UnicodeScalarView()
    var i = 0
    while i < bytes.count {
      // The first byte of a scalar says how many there are.
      let length = bytes[i] < 0x80 ? 1 : bytes[i] < 0xE0 ? 2 : bytes[i] < 0xF0 ? 3 : 4
      let part = bytes[i..<min(i + length, bytes.count)]
      if let scalar = String(validating: part, as: UTF8.self)?.unicodeScalars.first, !isPrivate(scalar) {
        result.append(scalar)
        i += length
      } else {
        result.append(Unicode.Scalar(0xEF00 + UInt32(bytes[i])) ?? "\u{FFFD}")
        i += 1
      }
    }
    return String(result)
  }

  /// The byte that a private scalar stands for, `nil` for other scalars.
  public static func byte(for scalar: Unicode.Scalar) -> UInt8? {
    isPrivate(scalar) ? UInt8(scalar.value - 0xEF00) : nil
  }

  private static func isPrivate(_ scalar: Unicode.Scalar) -> Bool { (0xEF80...0xEFFF).contains(scalar.value) }

  /// Whether there is anything at this path, a dangling link included.
  public var exists: Bool { status(throughLinks: false) != nil }

  /// Whether the path leads to a folder, through links.
  public var isFolder: Bool { status()?.st_mode.isKind(S_IFDIR) ?? false }

  /// Which file the path leads to, through links; `nil` where there is none. Two paths lead to one file where device
  /// and inode agree, whatever links are between.
  public var identity: FileIdentity? {
    status().map { FileIdentity(device: UInt64($0.st_dev), inode: UInt64($0.st_ino)) }
  }

  /// The names in a folder in the order of their bytes, as text that can be turned back; `nil` where it cannot be
  /// listed.
  public var entries: [String]? {
    guard let folder = withCString({ opendir($0) }) else { return nil }
    defer { closedir(folder) }
    var names: [[UInt8]] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
    }
    return names.sorted { $0.lexicographicallyPrecedes($1) }.map { Self.text(of: $0) }
  }

  // MARK: Pieces

  /// What the system says about the file, `nil` where there is none.
  func status(throughLinks: Bool = true) -> stat? {
    var result = stat()
    let code = withCString { throughLinks ? stat($0, &result) : lstat($0, &result) }
    return code == 0 ? result : nil
  }

  /// The folder that holds this file.
  var folder: SystemPath {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return SystemPath(bytes: [UInt8(ascii: ".")]) }
    return SystemPath(bytes: slash == 0 ? [UInt8(ascii: "/")] : Array(bytes[..<slash]))
  }

  /// A name in this folder; a name that starts with a slash stands for itself.
  func appending(_ name: [UInt8]) -> SystemPath {
    if name.first == UInt8(ascii: "/") { return SystemPath(bytes: name) }
    return SystemPath(bytes: bytes + (bytes.last == UInt8(ascii: "/") ? [] : [UInt8(ascii: "/")]) + name)
  }

  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    (bytes + [0]).map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { text in
      guard let start = text.baseAddress else { fatalError("an array with a 0 at its end is not empty") }
      return body(start)
    }
  }
}

/// Which file it is, whatever path led to it.
///
/// ```swift
/// print(SystemPath(base).identity == SystemPath(output).identity)  // one file under two names?
/// ```
public struct FileIdentity: Hashable, Sendable {
  /// The device that holds it.
  public let device: UInt64
  /// Its number there.
  public let inode: UInt64
}

extension mode_t {
  func isKind(_ kind: mode_t) -> Bool { self & S_IFMT == kind }
}
