public import Foundation

/// Where a file lies: a `URL`, or a path as text.
///
/// Every call that opens or writes a file takes either, so that `try SafetensorsFile("model.safetensors")` and
/// `try SafetensorsFile(url)` are the same call. A relative path counts from the current folder.
///
/// ```swift
/// func names(in file: some FileLocation) throws -> [String] { try TensorFiles.open(file).names }
/// print(try names(in: "model.safetensors"))
/// ```
public protocol FileLocation: Sendable {
  /// The place as a URL of a file.
  var fileURL: URL { get }
}

extension URL: FileLocation {
  /// The URL itself.
  public var fileURL: URL { self }
}

extension String: FileLocation {
  /// The path as a URL.
  public var fileURL: URL { URL(filePath: self) }
}
