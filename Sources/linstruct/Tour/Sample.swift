import CSample
import Foundation
import LinearStructures

/// The embedded sample of real data, unpacked into a folder that is removed with this object.
///
/// Unpacked, so that the tour takes the same way through the library as a user's files.
final class Sample {
  /// The pairs of sentences that directions are made from; the others are held out.
  static let trainingPairs = 168

  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "linstruct-tour-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder.appending(path: "run"), withIntermediateDirectories: true)
    for i in 0..<csample_count() {
      guard let file = csample_file(i)?.pointee else { continue }
      let bytes = UnsafeRawBufferPointer(start: file.bytes, count: file.size)
      try Data(bytes).write(to: folder.appending(path: String(cString: file.name)))
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func file(_ name: String) -> URL { folder.appending(path: name) }
}
