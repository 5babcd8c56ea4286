public import Tensor

extension NumpyFile {
  /// Writes a matrix as `<f4` or `<f8` in C order, byte for byte as `numpy.save` does, whole or not at all.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``.
  public static func write<Element: MatrixScalar>(
    _ matrix: Matrix<Element>, to location: some FileLocation
  ) throws(TensorFileError) {
    try write(NamedTensor("matrix", matrix), into: AtomicFile(location))
  }

  /// Writes a vector as an array of one dimension, as `<f4` or `<f8`, whole or not at all.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``.
  public static func write<Element: MatrixScalar>(
    _ vector: Vector<Element>, to location: some FileLocation
  ) throws(TensorFileError) {
    try write(vector, into: AtomicFile(location))
  }

  /// Writes a vector into a file that was opened before, and makes it appear.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``.
  public static func write<Element: MatrixScalar>(
    _ vector: Vector<Element>, into file: AtomicFile
  ) throws(TensorFileError) {
    try write(NamedTensor("vector", vector), into: file)
  }

  /// Writes a tensor as an array of its type and shape into a file that was opened before, and makes it appear. The
  /// name is not written: a `.npy` file has none.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``; ``TensorFileError/unsupportedType(path:tensor:type:)``
  ///   for types that numpy does not have, such as BF16.
  public static func write(_ tensor: NamedTensor, into file: AtomicFile) throws(TensorFileError) {
    guard let descriptor = tensor.type.numpyDescriptor else {
      throw .unsupportedType(path: file.path, tensor: tensor.name, type: tensor.type.rawValue)
    }
    try file.write(headerBytes(descriptor: descriptor, shape: tensor.shape))
    try tensor.bytes(file.path) { (bytes) throws(TensorFileError) in try file.write(bytes) }
    try file.commit()
  }

  /// Version 1.0, with numpy's spare room for a growing first axis, filled to a multiple of 64 bytes.
  private static func headerBytes(descriptor: String, shape: [Int]) -> [UInt8] {
    let tuple = shape.count == 1 ? "(\(shape[0]),)" : "(\(shape.map(String.init).joined(separator: ", ")))"
    var text = "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': \(tuple), }"
    if let first = shape.first { text += String(repeating: " ", count: 21 - String(first).count) }
    let unpadded = 10 + text.utf8.count + 1
    text += String(repeating: " ", count: 64 - unpadded % 64) + "\n"
    let length = text.utf8.count
    return [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
  }
}

extension ElementType {
  /// How numpy names the type, little-endian; `nil` for types that it does not have.
  fileprivate var numpyDescriptor: String? {
    switch self {
    case .f64: "<f8"
    case .f32: "<f4"
    case .f16: "<f2"
    case .i64: "<i8"
    case .i32: "<i4"
    case .i16: "<i2"
    case .i8: "|i1"
    case .u64: "<u8"
    case .u32: "<u4"
    case .u16: "<u2"
    case .u8: "|u1"
    case .bool: "|b1"
    default: nil
    }
  }
}
