import Foundation
import Tensor
import TensorIO
import _TestSupport
import Testing

/// How a file takes its place: owner, permissions, links, names and what is left behind.
@Suite struct AtomicFileTests {
  private func mode(_ url: URL) throws -> Int {
    try #require(try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int)
  }

  @Test(arguments: [TemporaryNaming.unnamedWherePossible, .named], [0o600, 0o640, 0o664, 0o444])
  func aReplacedFileKeepsItsMode(naming: TemporaryNaming, bits: Int) throws {
    let scratch = try TemporaryFolder()
    let url = try scratch.write([1], "a")
    try FileManager.default.setAttributes([.posixPermissions: bits], ofItemAtPath: url.path)
    let file = try AtomicFile(url, naming: naming)
    try file.write([2])
    try file.commit()
    #expect(try mode(url) == bits && Array(Data(contentsOf: url)) == [2] && scratch.names == ["a"])
  }

  @Test func aReplacedFileKeepsItsOwner() throws {
    // Only root may give files away, so only root can try.
    guard geteuid() == 0 else { return }
    let scratch = try TemporaryFolder()
    let url = try scratch.write([1], "a")
    guard chown(url.path, 12345, 54321) == 0 else { return }
    try AtomicFile.write([2], to: url)
    var status = stat()
    #expect(stat(url.path, &status) == 0 && status.st_uid == 12345 && status.st_gid == 54321)
  }

  @Test(arguments: [TemporaryNaming.unnamedWherePossible, .named], [1, 243, 244, 250, 255])
  func longNames(naming: TemporaryNaming, length: Int) throws {
    let scratch = try TemporaryFolder()
    let name = String(repeating: "n", count: length)
    for byte in [UInt8(1), 2] {
      let file = try AtomicFile(scratch.file(name), naming: naming)
      try file.write([byte])
      try file.commit()
      #expect(try Array(Data(contentsOf: scratch.file(name))) == [byte])
    }
    #expect(scratch.names == [name])
    // One more is refused before the work, not after it.
    #expect(throws: TensorFileError.self) { try AtomicFile(scratch.file(String(repeating: "n", count: 256))) }
  }

  @Test func nothingIsThereUntilItIsWhole() throws {
    let scratch = try TemporaryFolder()
    do {
      let file = try AtomicFile(scratch.file("a"))
      try file.write([1])
      #expect(scratch.names.isEmpty || scratch.names.allSatisfy { $0.hasPrefix(".") })
    }
    do {
      let file = try AtomicFile(scratch.file("b"), naming: .named)
      try file.write([1])
      #expect(scratch.names.count == 1)
    }
    #expect(scratch.names.isEmpty)
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGXFSZ], [TemporaryNaming.unnamedWherePossible, .named])
  func signalsLeaveNothing(number: Int32, naming: TemporaryNaming) throws {
    let scratch = try TemporaryFolder()
    // A child of a process with threads may wait for a lock that no thread of its own holds; then another one is tried.
    let isKilled = try (0..<20).contains { _ in try killWriter(of: scratch.file("a"), naming, by: number) }
    #expect(isKilled && scratch.names.isEmpty)
  }

  /// Whether a child that has begun to write a file ended by the signal.
  private func killWriter(of url: URL, _ naming: TemporaryNaming, by number: Int32) throws -> Bool {
    var ready: [Int32] = [0, 0]
    #expect(pipe(&ready) == 0)
    defer { for descriptor in ready { close(descriptor) } }
    let child = fork()
    if child == 0 {
      // The threads of a test may block signals, and a child inherits that.
      var none = sigset_t()
      sigemptyset(&none)
      pthread_sigmask(SIG_SETMASK, &none, nil)
      if let file = try? AtomicFile(url, naming: naming), (try? file.write([1, 2, 3])) != nil {
        _ = withUnsafeBytes(of: UInt8(1)) { write(ready[1], $0.baseAddress, 1) }
        while true { pause() }
      }
      _exit(99)
    }
    var request = pollfd(fd: ready[0], events: Int16(POLLIN), revents: 0)
    let isReady = poll(&request, 1, 2000) == 1
    kill(child, isReady ? number : SIGKILL)
    var status: Int32 = 0
    for _ in 0..<200 where waitpid(child, &status, WNOHANG) == 0 { usleep(10_000) }
    if kill(child, SIGKILL) == 0 { waitpid(child, &status, 0) }
    return isReady && status & 0x7F == number
  }

  @Test func linksThatDangleOrTurnInCircles() throws {
    let scratch = try TemporaryFolder()
    func link(_ name: String, to target: String) throws {
      try FileManager.default.createSymbolicLink(atPath: scratch.file(name).path, withDestinationPath: target)
    }
    try link("dangling", to: "missing")
    try link("chain", to: "dangling")
    try link("circle", to: "circle")
    try link("folder", to: ".")
    for name in ["dangling", "chain", "circle", "folder"] {
      #expect(throws: TensorFileError.self, "\(name)") { try AtomicFile.write([1], to: scratch.file(name)) }
    }
    let error = #expect(throws: TensorFileError.self) { try AtomicFile(scratch.file("dangling")) }
    #expect("\(try #require(error))".contains("missing, which does not exist"))
    #expect(scratch.names == ["chain", "circle", "dangling", "folder"])
    try scratch.write([1], "real")
    try link("first", to: "second")
    try link("second", to: scratch.file("real").path)
    try AtomicFile.write([2], to: scratch.file("first"))
    #expect(try Array(Data(contentsOf: scratch.file("real"))) == [2])
  }

  @Test func aPlantedLinkInASharedFolderIsNotFollowed() throws {
    // Another user is needed to plant it; root can make one.
    guard geteuid() == 0 else { return }
    let scratch = try TemporaryFolder()
    let victim = try scratch.write([1], "victim")
    let shared = scratch.file("shared")
    try FileManager.default.createDirectory(at: shared, withIntermediateDirectories: true)
    #expect(chmod(shared.path, 0o1777) == 0)
    let link = shared.appending(path: "output")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: victim)
    try AtomicFile.write([2], to: link)
    #expect(try Array(Data(contentsOf: victim)) == [2], "an own link is followed")
    guard lchown(link.path, 12345, 12345) == 0 else { return }
    #expect(throws: TensorFileError.self) { try AtomicFile.write([3], to: link) }
    #expect(chmod(shared.path, 0o777) == 0)
    try AtomicFile.write([4], to: link)
    #expect(try Array(Data(contentsOf: victim)) == [4], "without the sticky bit the folder is not protected")
  }

  @Test func writersAtTheSameTimeDoNotMeet() async throws {
    let scratch = try TemporaryFolder()
    let url = scratch.file("a")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for byte in UInt8(0)..<16 {
        group.addTask {
          let file = try AtomicFile(url, naming: byte % 2 == 0 ? .named : .unnamedWherePossible)
          try file.write([UInt8](repeating: byte, count: 1000))
          try file.commit()
        }
      }
      try await group.waitForAll()
    }
    #expect(Set(try Data(contentsOf: url)).count == 1 && scratch.names == ["a"])
  }
}

/// Paths are bytes.
@Suite struct SystemPathTests {
  @Test(
    arguments: [
      [0x61], [0xFF], [0x61, 0xC3], [0xC3, 0xA9], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xEE, 0xBE, 0x80],
      [0xEE, 0xBF, 0xBF, 0x80],
      [0xF0, 0x9F, 0x98, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC0, 0x80, 0x2E],
    ] as [[UInt8]])
  func bytesTravelAsText(bytes: [UInt8]) throws {
    let text = SystemPath.text(of: [0x2F] + bytes + [0x2F, 0x62])
    #expect(SystemPath(URL(filePath: text)).bytes == [0x2F] + bytes + [0x2F, 0x62])
  }

  @Test func filesWhoseNamesAreNoText() throws {
    let scratch = try TemporaryFolder()
    let name = SystemPath.text(of: Array("m".utf8) + [0xFF, 0xE9] + Array(".safetensors".utf8))
    try SafetensorsFile.write([NamedTensor("x", Vector<Float>([1, 2]))], to: scratch.file(name))
    let entries = try #require(SystemPath(scratch.url).entries)
    #expect(entries == [name])
    for opened in [scratch.file(name), scratch.url] {
      #expect(try Checkpoint(opened).file(holding: "x").vector("x", as: Float.self) == [1, 2])
    }
    // A file of exactly this name wins over the bytes that it could stand for.
    let plain = scratch.file("\u{EFFF}")
    let descriptor = open(plain.path, O_CREAT | O_WRONLY, 0o600)
    #expect(descriptor >= 0 && SystemPath(plain).exists && SystemPath(plain).bytes == Array(plain.path.utf8))
    close(descriptor)
  }

  @Test func identityIsThatOfTheFile() throws {
    let scratch = try TemporaryFolder()
    let url = try scratch.write([1], "a")
    try FileManager.default.createSymbolicLink(at: scratch.file("soft"), withDestinationURL: url)
    try FileManager.default.linkItem(at: url, to: scratch.file("hard"))
    try scratch.write([1], "b")
    let identity = SystemPath(url).identity
    #expect(identity != nil && SystemPath(scratch.file("soft")).identity == identity)
    #expect(SystemPath(scratch.file("hard")).identity == identity && SystemPath(scratch.file("b")).identity != identity)
    #expect(SystemPath(scratch.file("none")).identity == nil)
  }
}
