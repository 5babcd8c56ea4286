import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

/// A ZIP archive made by hand, one field at a time.
private struct Archive {
  struct Member {
    var name: String
    /// The bytes in the archive.
    var stored: [UInt8]
    var size: Int
    var checksum: UInt32
    var method = 0
    /// Sizes and offset of a zip64 field, in their order.
    var wide: [UInt64] = []
  }

  var members: [Member] = []

  var bytes: [UInt8] {
    func field(_ value: UInt64, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var (data, directory): ([UInt8], [UInt8]) = ([], [])
    for member in members {
      let extra =
        member.wide.isEmpty
        ? [] : field(1, 2) + field(UInt64(8 * member.wide.count), 2) + member.wide.flatMap { field($0, 8) }
      let size = member.wide.isEmpty ? UInt64(member.size) : 0xFFFF_FFFF
      let stored = member.wide.count < 2 ? UInt64(member.stored.count) : 0xFFFF_FFFF
      let common =
        field(UInt64(member.method), 2) + field(0, 4) + field(UInt64(member.checksum), 4) + field(stored, 4)
        + field(size, 4)
        + field(UInt64(member.name.utf8.count), 2)
      directory +=
        field(0x0201_4B50, 4) + field(20, 2) + field(45, 2) + field(0, 2) + common + field(UInt64(extra.count), 2)
        + field(0, 2) + field(0, 2) + field(0, 2) + field(0, 4) + field(UInt64(data.count), 4) + Array(member.name.utf8)
        + extra
      data +=
        field(0x0403_4B50, 4) + field(45, 2) + field(0, 2) + common + field(0, 2) + Array(member.name.utf8)
        + member.stored
    }
    return data + directory + field(0x0605_4B50, 4) + field(0, 4) + field(UInt64(members.count), 2)
      + field(UInt64(members.count), 2) + field(UInt64(directory.count), 4) + field(UInt64(data.count), 4) + field(0, 2)
  }

  /// The CRC-32 of ZIP, bit by bit.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { state, byte in
      (0..<8).reduce(state ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
  }
}

/// The bits of deflate data, lowest first; codes are written highest bit first.
private struct Bits {
  private(set) var bytes: [UInt8] = []
  private var count = 0

  mutating func add(_ value: Int, _ width: Int) {
    for i in 0..<width {
      if count % 8 == 0 { bytes.append(0) }
      bytes[bytes.count - 1] |= UInt8(value >> i & 1) << UInt8(count % 8)
      count += 1
    }
  }

  mutating func addCode(_ value: Int, _ width: Int) { for i in (0..<width).reversed() { add(value >> i & 1, 1) } }

  /// Literals of the fixed code below 144.
  mutating func addLiterals(_ values: [UInt8]) { for value in values { addCode(0x30 + Int(value), 8) } }
}

@Suite struct ArchiveTests {
  /// The bytes of a `.npy` file of whole numbers below 144, so that the fixed code is simple; one row of them.
  private func array(_ values: [UInt8]) -> [UInt8] {
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (\(values.count),)}"
    // The first byte of the signature, 0x93, is 147.
    return [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + values
  }

  private func read(_ archive: Archive, _ scratch: TemporaryFolder, _ name: String = "x") throws -> [Double] {
    let url = try scratch.write(archive.bytes, "a.npz")
    return Array(try NumpyArchive(url).array(name).matrix(as: Double.self).flattened)
  }

  @Test func compressedArraysOfNumpyAreRead() throws {
    let (stored, deflated) = (try NumpyArchive(fixture("stored.npz")), try NumpyArchive(fixture("deflated.npz")))
    for name in deflated.names {
      #expect(try stored.array(name).matrix(as: Double.self) == deflated.array(name).matrix(as: Double.self))
    }
    for (name, length) in [("dynamic", 40_000), ("random", 5000), ("zeros", 300_000)] {
      let found = try NumpyArchive(fixture("blocks.npz")).array(name).matrix(as: Double.self)
      #expect(found.count == length)
      // As make_fixtures.py computes them.
      let wanted = (0..<length).map { i -> Double in
        switch name {
        case "dynamic": Double(i * i % 977 % 100)
        case "random": Double((i * 7919 + i * i * 104_729) % 251)
        default: 0
        }
      }
      #expect(Array(found.flattened) == wanted, "\(name)")
    }
  }

  @Test func headersAreReadBeforeNumbers() throws {
    let folder = try TemporaryFolder()
    let content = array([1, 2])
    func member(_ name: String, _ change: (inout [UInt8]) -> Void) -> Archive.Member {
      var stored = content
      change(&stored)
      return .init(name: name, stored: stored, size: content.count, checksum: Archive.checksum(content))
    }
    let header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}"
    let objects = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + [1]
    let archive = try NumpyArchive(
      folder.write(
        Archive(members: [
          member("sound.npy") { _ in }, member("numbers.npy") { $0[$0.count - 1] = 9 },
          member("header.npy") { $0[12] = 9 },
          .init(name: "objects.npy", stored: objects, size: objects.count, checksum: Archive.checksum(objects)),
        ]).bytes, "a.npz"))
    // Damaged numbers show when they are read; a damaged header is told from a strange one by the check sum.
    #expect(archive.map(\.name) == ["sound", "numbers"])
    #expect(try archive.vector("sound", as: Float.self) == [1, 2])
    for (name, code) in [("numbers", "[crc]"), ("header", "[crc]"), ("objects", "'|O'")] {
      let error = #expect(throws: TensorFileError.self) { try archive.vector(name, as: Float.self) }
      #expect("\(try #require(error))".contains(code), "\(name)")
    }
  }

  @Test func namesMayHoldFolders() throws {
    let scratch = try TemporaryFolder()
    let content = array([1, 2])
    func archive(_ name: String) -> Archive {
      Archive(members: [
        .init(name: "\(name).npy", stored: content, size: content.count, checksum: Archive.checksum(content))
      ])
    }
    for name in ["layers/0/weight", "a..b", "é", "a/.b"] {
      #expect(try read(archive(name), scratch, name) == [1, 2], "\(name)")
    }
    for name in ["../a", "/a", "a/../b", "a\\b", "a\u{1B}[2J", "a\u{9B}2J"] {
      #expect(throws: TensorFileError.self, "\(name)") { try read(archive(name), scratch, name) }
    }
    // Two names that differ by normalization only.
    var both = archive("\u{E9}")
    both.members += archive("e\u{301}").members
    #expect(try read(both, scratch, "e\u{301}") == [1, 2])
  }

  @Test(arguments: [UInt64(1) << 63 - 1, 1 << 63 - 30, 1 << 63, .max, 1 << 62, 100_000])
  func sizesNearTheLargestEndAfterTheFile(size: UInt64) throws {
    let scratch = try TemporaryFolder()
    let content = array([1])
    for method in [0, 8] {
      var member = Archive.Member(name: "x.npy", stored: content, size: 0, checksum: 0, method: method)
      for wide in [[size, size], [UInt64(content.count), size]] {
        member.wide = wide
        let error = #expect(throws: TensorFileError.self) { try read(Archive(members: [member, member]), scratch) }
        #expect("\(try #require(error))".contains("its bytes end after the file"))
      }
      member.wide = [size, UInt64(content.count)]
      #expect(throws: TensorFileError.self) { try read(Archive(members: [member]), scratch) }
    }
  }

  /// What is wrong with deflate data, and the data: each holds the array of one entry, or pretends to.
  @Test func brokenDeflateData() throws {
    let scratch = try TemporaryFolder()
    let content = array([7])
    func attempt(_ stored: [UInt8], size: Int? = nil) throws -> [Double] {
      try read(
        Archive(members: [
          .init(
            name: "x.npy", stored: stored, size: size ?? content.count, checksum: Archive.checksum(content), method: 8)
        ]), scratch)
    }
    func block(_ fill: (inout Bits) -> Void) -> [UInt8] {
      var bits = Bits()
      fill(&bits)
      return bits.bytes
    }
    let length = [UInt8(content.count), 0, ~UInt8(content.count), 0xFF]
    #expect(try attempt([1] + length + content) == [7], "a stored block")
    let fixed = block {
      $0.add(1, 1)
      $0.add(1, 2)
      $0.addCode(0x190 + 3, 9)  // 0x93
      $0.addLiterals(Array(content.dropFirst()))
      $0.addCode(0, 7)
    }
    #expect(try attempt(fixed) == [7], "the fixed code")
    let broken: [(String, [UInt8])] = [
      ("empty", []), ("an unknown kind", [7]), ("a damaged length", [1] + [length[0], 0, 0, 0] + content),
      ("cut off", Array(fixed.dropLast(2))), ("bytes after the end", fixed + [0]),
      ("too few bytes", [1, 1, 0, 0xFE, 0xFF, 0x93]), ("no last block", [0] + length + content),
      ("too many bytes", [0] + length + content + [1] + length + content),
      (
        "a distance before the start",
        block {
          $0.add(1, 1)
          $0.add(1, 2)
          $0.addCode(1, 7)
          $0.addCode(0, 5)
        }
      ),
      (
        "an unknown length",
        block {
          $0.add(1, 1)
          $0.add(1, 2)
          $0.addCode(0xC6, 8)
        }
      ),
      (
        "an unknown distance",
        block {
          $0.add(1, 1)
          $0.add(1, 2)
          $0.addLiterals([1])
          $0.addCode(1, 7)
          $0.addCode(30, 5)
        }
      ),
      (
        "too many codes",
        block {
          $0.add(1, 1)
          $0.add(2, 2)
          $0.add(30, 5)
          $0.add(0, 5)
          $0.add(15, 4)
        }
      ),
      (
        "an over-subscribed code",
        block {
          $0.add(1, 1)
          $0.add(2, 2)
          $0.add(0, 14)
          for _ in 0..<4 { $0.add(1, 3) }
        }
      ),
      (
        "an incomplete code",
        block {
          $0.add(1, 1)
          $0.add(2, 2)
          $0.add(0, 14)
          for length in [2, 2, 2, 0] { $0.add(length, 3) }
        }
      ),
      (
        "a repeat before the first length",
        block {
          $0.add(1, 1)
          $0.add(2, 2)
          $0.add(0, 14)
          for length in [1, 1, 0, 0] { $0.add(length, 3) }
          $0.add(0, 8)
        }
      ),
    ]
    for (what, stored) in broken {
      #expect(throws: TensorFileError.self, "\(what)") { try attempt(stored) }
    }
    #expect(throws: TensorFileError.self, "another size") { try attempt(fixed, size: content.count + 1) }
    #expect(throws: TensorFileError.self, "a size beyond all ratios") { try attempt(fixed, size: 1 << 40) }
    var wrong = fixed
    wrong[20] ^= 4
    #expect(throws: TensorFileError.self, "the check sum") { try attempt(wrong) }
  }

  @Test func whatPretendsToUnpackToMuchIsNotHeld() throws {
    let scratch = try TemporaryFolder()
    // A megabyte of stored blocks, each empty: the declared size is possible, the data do not hold it.
    let blocks = Array([[UInt8]](repeating: [0, 0, 0, 0xFF, 0xFF], count: 200_000).joined()) + [1, 0, 0, 0xFF, 0xFF]
    let before = try peakMemory()
    let archive = Archive(members: [
      .init(name: "x.npy", stored: blocks, size: 1_000_000_000, checksum: 0, method: 8)
    ])
    #expect(throws: TensorFileError.self) { try read(archive, scratch) }
    #expect(try peakMemory() - before < 50 << 20)
  }

  @Test func otherMethodsAreRefusedByNumber() throws {
    let scratch = try TemporaryFolder()
    let archive = Archive(members: [.init(name: "x.npy", stored: [1], size: 80, checksum: 0, method: 14)])
    let error = #expect(throws: TensorFileError.self) { try read(archive, scratch) }
    #expect("\(try #require(error))".contains("method 14"))
  }
}
