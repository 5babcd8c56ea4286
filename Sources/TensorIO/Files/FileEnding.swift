/// What the end of a file's name announces.
///
/// A file is recognised by its content (``FileKind``). An ending matters only where there is no content to look at: for
/// an output, for the names in a folder, and for a file that is too damaged to be recognised. Endings are compared here
/// and nowhere else, byte for byte.
package enum FileEnding: String, Sendable, CaseIterable {
  case safetensors
  /// The index of the shards of a model.
  case index = "safetensors.index.json"
  case json
  case npy
  case npz
  /// A part of a checkpoint of PyTorch's distributed writer.
  case distcp
  case bin, pt, pth, gguf, ckpt

  /// The text that a name ends in, with its point.
  package var text: String { ".\(rawValue)" }

  /// Whether a name ends so.
  package func ends(_ name: String) -> Bool { name.hasExactSuffix(text) }

  /// A name without this ending, which it must have.
  package func removed(from name: String) -> String { name.dropLastBytes(text.utf8.count) }

  /// The kind of file that the name announces, of those that are opened otherwise than safetensors files.
  static func arrayKind(_ name: String) -> FileKind? {
    npy.ends(name) ? .npy : npz.ends(name) ? .npz : nil
  }

  /// Endings of files with weights in formats that are not read.
  package static let foreign: [FileEnding] = [.bin, .pt, .pth, .gguf, .ckpt]
}
