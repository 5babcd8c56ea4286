/// The type of the numbers in a file, by the names of the safetensors format.
///
/// The cases are in the order in which the reference writer sorts tensors, narrow types first.
///
/// ```swift
/// print(ElementType.bf16.bits, ElementType.bf16.epsilon, ElementType.f8e4m3.isReadable)  // 16 0.0078125 false
/// ```
public enum ElementType: String, Sendable, Codable, CaseIterable {
  /// One byte, 0 or 1.
  case bool = "BOOL"
  /// Four bits, floating point.
  case f4 = "F4"
  /// Six bits, floating point, two of exponent.
  case f6e2m3 = "F6_E2M3"
  /// Six bits, floating point, three of exponent.
  case f6e3m2 = "F6_E3M2"
  /// Unsigned, one byte.
  case u8 = "U8"
  /// Signed, one byte.
  case i8 = "I8"
  /// Eight bits, floating point, five of exponent.
  case f8e5m2 = "F8_E5M2"
  /// Eight bits, floating point, four of exponent.
  case f8e4m3 = "F8_E4M3"
  /// Eight bits of exponent only.
  case f8e8m0 = "F8_E8M0"
  /// Eight bits, floating point, four of exponent, no negative zero.
  case f8e4m3fnuz = "F8_E4M3FNUZ"
  /// Eight bits, floating point, five of exponent, no negative zero.
  case f8e5m2fnuz = "F8_E5M2FNUZ"
  /// Signed, two bytes.
  case i16 = "I16"
  /// Unsigned, two bytes.
  case u16 = "U16"
  /// IEEE half precision.
  case f16 = "F16"
  /// The upper half of IEEE single precision.
  case bf16 = "BF16"
  /// Signed, four bytes.
  case i32 = "I32"
  /// Unsigned, four bytes.
  case u32 = "U32"
  /// IEEE single precision.
  case f32 = "F32"
  /// Two single-precision numbers.
  case c64 = "C64"
  /// IEEE double precision.
  case f64 = "F64"
  /// Signed, eight bytes.
  case i64 = "I64"
  /// Unsigned, eight bytes.
  case u64 = "U64"

  /// The bits of one number.
  public var bits: Int {
    switch self {
    case .f4: 4
    case .f6e2m3, .f6e3m2: 6
    case .bool, .u8, .i8, .f8e5m2, .f8e4m3, .f8e8m0, .f8e4m3fnuz, .f8e5m2fnuz: 8
    case .i16, .u16, .f16, .bf16: 16
    case .i32, .u32, .f32: 32
    case .c64, .f64, .i64, .u64: 64
    }
  }

  /// Whether the numbers can be read: integers, booleans and the IEEE-like floating-point types.
  public var isReadable: Bool {
    switch self {
    case .f4, .f6e2m3, .f6e3m2, .f8e5m2, .f8e4m3, .f8e8m0, .f8e4m3fnuz, .f8e5m2fnuz, .c64: false
    default: true
    }
  }

  /// The type of results computed from such numbers: F32 for F32, F16 and BF16, else F64.
  public var resultType: ElementType {
    switch self {
    case .f32, .f16, .bf16: .f32
    default: .f64
    }
  }

  /// The place in the order of the reference writer.
  var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
