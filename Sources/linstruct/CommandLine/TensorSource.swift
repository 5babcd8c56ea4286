import Foundation
import LinearStructures

/// Tensors by name, whatever kind of file holds them.
enum TensorSource {
  case checkpoint(Checkpoint)
  case archive(NumpyArchive)
  /// One array, which goes by the name of its file.
  case array(NumpyFile, name: String)

  /// Opens a file by its content, and where that does not say what it is by its extension; or a folder or an index.
  init(_ url: URL) throws {
    let isFolder = SystemPath(url).isFolder
    let byExtension: [String: FileKind] = ["npy": .npy, "npz": .npz]
    switch isFolder ? nil : FileKind(of: url) ?? byExtension[url.pathExtension] {
    case .npy: self = .array(try NumpyFile(url), name: url.deletingPathExtension().lastPathComponent)
    case .npz: self = .archive(try NumpyArchive(url))
    default: self = .checkpoint(try Checkpoint(url))
    }
  }

  var names: [String] {
    switch self {
    case .checkpoint(let checkpoint): checkpoint.tensors.map(\.name)
    case .archive(let archive): archive.names
    case .array(_, let name): [name]
    }
  }

  func tensor(_ name: String) throws -> SourceTensor {
    switch self {
    case .checkpoint(let checkpoint):
      let file = try checkpoint.file(holding: name)
      let info = try file.tensor(name)
      return SourceTensor(
        name: name, type: info.type, shape: info.shape, content: try checkpoint.content(of: name),
        holder: .safetensors(file))
    case .archive(let archive): return SourceTensor(name, try archive.array(name))
    case .array(let file, _): return SourceTensor(name, file)
    }
  }
}

/// A tensor of a source: what it is, and its matrices.
struct SourceTensor {
  let name: String
  let type: ElementType
  let shape: [Int]
  let content: TensorContent
  fileprivate let holder: Holder

  /// The bytes of its numbers.
  var byteCount: Int { shape.reduce(1, *) * type.bits / 8 }

  fileprivate enum Holder {
    case safetensors(SafetensorsFile)
    case numpy(NumpyFile)
  }

  fileprivate init(name: String, type: ElementType, shape: [Int], content: TensorContent, holder: Holder) {
    (self.name, self.type, self.shape, self.content, self.holder) = (name, type, shape, content, holder)
  }

  fileprivate init(_ name: String, _ file: NumpyFile) {
    self.init(name: name, type: file.type, shape: file.shape, content: file.content, holder: .numpy(file))
  }

  /// A matrix of the tensor.
  ///
  /// A header of a few bytes may claim any number of rows that have no columns. Up to a million they are believed;
  /// beyond it they are an error, since nothing should loop over what no byte of a file stands for.
  func matrix<Element: MatrixScalar>(_ selection: MatrixSelection, as type: Element.Type) throws -> Matrix<Element> {
    let matrix: Matrix<Element> =
      switch holder {
      case .safetensors(let file): try file.matrix(name, selection)
      case .numpy(let file): try file.matrix(selection)
      }
    if matrix.count == 0, max(matrix.rows, matrix.columns) > 1_000_000 {
      throw CommandError.data("tensor \"\(name)\" of shape \(shape) holds no numbers")
    }
    return matrix
  }

  /// Why the entries are not read as the numbers of a matrix; `nil` where they are.
  ///
  /// - Parameter companions: whether scales beside codes count as numbers, as they do where one is asked for by name.
  func refusal(_ integers: IntegerReading, companions: Companions) -> String? {
    switch content {
    case .numbers: nil
    case .companion(let reason): companions == .read ? nil : reason
    case .integers:
      integers == .asNumbers
        ? nil : "\(type.rawValue) integers are taken as codes; --integers reads them as numbers [codes]"
    case .codes(let reason), .unreadable(let reason): reason
    }
  }

  enum Companions {
    case read
    case skipped
  }
}
