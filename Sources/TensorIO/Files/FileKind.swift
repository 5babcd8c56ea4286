/// What a file is, by its content.
///
/// ```swift
/// if let kind = FileKind(of: "weights.bin") { print("weights.bin is \(kind.rawValue)") }
/// ```
public enum FileKind: String, Sendable, Codable, CaseIterable {
  /// Tensors in the safetensors format.
  case safetensors = "a safetensors file"
  /// The format of llama.cpp.
  case gguf = "a GGUF file"
  /// One array of numpy.
  case npy = "a .npy file"
  /// Arrays of numpy in an archive.
  case npz = "a .npz archive"
  /// A dictionary of tensors as `torch.save` writes it.
  case torch = "a PyTorch archive"
  /// A compiled model of PyTorch.
  case torchScript = "a TorchScript archive"
  /// What `torch.save` wrote before version 1.6.
  case legacyTorch = "a PyTorch file of the time before 1.6"
  /// Another archive.
  case zip = "a ZIP archive without arrays"
  /// Python objects.
  case pickle = "a Python pickle"
  /// A tape archive; the oldest PyTorch files are such.
  case tar = "a tar archive"
  /// The note that stands for a large file until it is fetched.
  case lfsPointer = "a Git LFS pointer, not the file itself"
  /// A web page.
  case html = "a web page"

  /// What a file is; `nil` where nothing fits, and for what cannot be opened.
  ///
  /// The order of the tests matters: the length of a safetensors header may look like the start of a pickle or of a
  /// web page.
  public init?(of location: some FileLocation) {
    guard let file = try? PositionedFile(location.fileURL), let kind = FileKind(file) else { return nil }
    self = kind
  }

  init?(_ file: PositionedFile) {
    guard let start = try? file.bytes(at: 0, count: min(file.size, 262)) else { return nil }
    func starts(_ text: String, at offset: Int = 0) -> Bool { start.dropFirst(offset).starts(with: text.utf8) }
    let length = start.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    if start.count > 8, length >= 2, length <= FormatLimit.headerBytes, length <= file.size - 8, starts("{", at: 8) {
      self = .safetensors
    } else if starts("GGUF") {
      self = .gguf
    } else if start.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]) {
      self = .npy
    } else if starts("PK\u{3}\u{4}") || starts("PK\u{5}\u{6}") {
      self = Self.archive(file)
    } else if start.starts(with: [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]) {
      self = .legacyTorch
    } else if start.count >= 2, start[0] == 0x80, (2...5).contains(start[1]) {
      self = .pickle
    } else if starts("ustar", at: 257) {
      self = .tar
    } else if starts("version https://git-lfs") {
      self = .lfsPointer
    } else if starts("<!") || starts("<h") || starts("<H") {
      self = .html
    } else {
      return nil
    }
  }

  /// What an archive is, by the names of its members; one that is broken counts as one of numpy, whose reader says why.
  private static func archive(_ file: PositionedFile) -> FileKind {
    guard let members = try? ZipDirectory(file).members else { return .npz }
    if members.contains(where: { $0.name.hasExactSuffix("/constants.pkl") }) { return .torchScript }
    if members.contains(where: { $0.name.hasExactSuffix("/data.pkl") }) { return .torch }
    return members.contains { FileEnding.npy.ends($0.name) } || members.isEmpty ? .npz : .zip
  }

  /// What to do with a file that is not read; `nil` for what is. It ends in a code that can be searched for.
  var advice: String? {
    let resave = "load it in Python and write its tensors with safetensors.torch.save_file"
    return switch self {
    case .safetensors, .npy, .npz: nil
    case .gguf: "convert it to safetensors, for example by reading it with the gguf package of Python [not-recognised]"
    case .torch: "\(resave) [not-recognised]"
    case .torchScript: "\(resave) from its state_dict() [torchscript]"
    case .legacyTorch: "\(resave) [legacy-format]"
    case .zip: "unpack it and name one of its files [not-recognised]"
    case .pickle: "\(resave), or numpy.save for arrays [bare-pickle]"
    case .tar: "unpack it and name one of its files; of an old PyTorch file, \(resave) [legacy-format]"
    case .lfsPointer: "fetch the file with `git lfs pull` [not-recognised]"
    case .html: "a download was answered with a page, perhaps a login; download the file itself [not-recognised]"
    }
  }

  /// Why a file of this kind cannot be read as a file of another kind.
  func refusal(path: String, as wanted: FileKind) -> TensorFileError? {
    if self == wanted { return nil }
    return .malformed(
      path: path, tensor: nil,
      rule: "it is \(rawValue); " + (advice ?? "name it so that its ending fits [not-recognised]"))
  }
}
