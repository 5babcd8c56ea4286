import Foundation

/// Opens files of tensors of every kind.
///
/// ```swift
/// let model = try TensorFiles.open("model.safetensors")
/// ```
public enum TensorFiles {
  /// Opens a file by its content, or a folder or an index of shards.
  ///
  /// ```swift
  /// let model = try TensorFiles.open("model.safetensors")
  /// let w: Matrix<Float> = try model.matrix("model.layers.0.mlp.down_proj.weight")
  /// ```
  ///
  /// Content decides what a file is: a `.npz` archive that is named `weights.bin` opens all the same. The end of the
  /// name counts only where the content is not that of any known kind.
  ///
  /// - Parameter location: a path or a `URL` of a safetensors file, a folder with one or with shards, an index of
  ///   shards, a `.npy` or a `.npz` file.
  /// - Throws: ``TensorFileError``, for a file of another kind with what it is and how to convert it.
  /// - Complexity: reads headers, no numbers.
  public static func open(_ location: some FileLocation) throws(TensorFileError) -> any TensorSource {
    let url = location.fileURL
    let kind = SystemPath(url).isFolder ? nil : FileKind(of: url) ?? FileEnding.arrayKind(url.lastPathComponent)
    return switch kind {
    case .npy: try NumpyFile(url)
    case .npz: try NumpyArchive(url)
    default: try Checkpoint(url)
    }
  }
}
