import CKernels
import COpenBLAS
import Foundation

/// Which kernels OpenBLAS chose for this processor, and what was done where they lag behind it.
///
/// A release of OpenBLAS that is older than the processor may not know it and fall back to kernels of a much older one:
/// 0.3.21 runs the SSE3 kernels of 2004 ("Prescott") on some processors of 2023, at a quarter of the speed (OpenBLAS
/// issue 4267). A build for several processors can be told to choose again.
///
/// ```swift
/// if let warning = OpenBLASSetUp.current.warning { print(warning) }
/// ```
public struct OpenBLASSetUp: Sendable, Equatable, Codable {
  /// The kernels that OpenBLAS chose by itself, or as the environment variable `OPENBLAS_CORETYPE` says.
  public let chosen: String
  /// The kernels that run.
  public let kernels: String
  /// What was found and done.
  public let outcome: Outcome

  /// What was found and done.
  ///
  /// ```swift
  /// if OpenBLASSetUp.current.outcome == .mended { print("better kernels than", OpenBLASSetUp.current.chosen) }
  /// ```
  public enum Outcome: String, Sendable, Codable {
    /// The kernels use the vectors that the processor has.
    case fits
    /// They did not; others were chosen and gave a known product.
    case mended
    /// They do not, but the environment variable `OPENBLAS_CORETYPE` asks for them: it is left alone, as some set it
    /// because other kernels gave wrong results on their machine.
    case leftToUser = "left to the user"
    /// They do not, and this build of OpenBLAS has no better ones that give a known product.
    case cannotBeMended = "cannot be mended"
  }

  /// How OpenBLAS is set up in this process. The first use of a product or factorization does the same.
  public static var current: OpenBLASSetUp { OpenBLAS.setUp }

  /// What is lost and what to do about it, in words; `nil` where nothing is.
  public var warning: String? {
    let lag = "OpenBLAS runs its \(kernels) kernels, which do not use the vectors of this processor"
    return switch outcome {
    case .fits, .mended: nil
    case .leftToUser:
      "\(lag), as OPENBLAS_CORETYPE asks; products take two to four times as long. "
        + "Unset it unless other kernels fail here"
    case .cannotBeMended:
      "\(lag); products take two to four times as long. Install OpenBLAS 0.3.25 or later, built with DYNAMIC_ARCH"
    }
  }
}

extension OpenBLASSetUp {
  /// Compares the kernels that run with what the processor offers, and chooses better ones where they lag.
  static func mending() -> OpenBLASSetUp {
    let chosen = OpenBLAS.kernels
    func found(_ outcome: Outcome) -> OpenBLASSetUp {
      OpenBLASSetUp(chosen: chosen, kernels: OpenBLAS.kernels, outcome: outcome)
    }
    let offered = Int(ck_level())
    guard offered > 0, level(of: chosen) < offered else { return found(.fits) }
    if let asked = getenv("OPENBLAS_CORETYPE"), asked.pointee != 0 { return found(.leftToUser) }
    for candidate in ["SkylakeX", "Haswell"] where level(of: candidate) <= offered {
      guard level(of: candidate) > level(of: chosen), OpenBLAS.chooseKernels(candidate) else { continue }
      if OpenBLAS.kernels == candidate, OpenBLAS.givesKnownProducts { return found(.mended) }
    }
    _ = OpenBLAS.chooseKernels(nil)
    return found(.cannotBeMended)
  }

  /// The instruction set of the kernels with this name: 4 for AVX-512, 3 for AVX2, 0 for older ones; as `ck_level`.
  private static func level(of kernels: String) -> Int {
    switch kernels.lowercased() {
    case "skylakex", "cooperlake", "sapphirerapids": 4
    case "haswell", "zen", "excavator": 3
    default: 0
    }
  }
}

extension OpenBLAS {
  /// Makes OpenBLAS choose its kernels anew: those with this name, or by itself. False where the build cannot.
  ///
  /// Nobody else may be in a call of OpenBLAS meanwhile.
  static func chooseKernels(_ name: String?) -> Bool {
    // Only builds for several processors have these.
    guard let quit = dlsym(nil, "gotoblas_dynamic_quit"), let start = dlsym(nil, "gotoblas_dynamic_init") else {
      return false
    }
    typealias Call = @convention(c) () -> Void
    if let name { setenv("OPENBLAS_CORETYPE", name, 1) }
    unsafeBitCast(quit, to: Call.self)()
    unsafeBitCast(start, to: Call.self)()
    if name != nil { unsetenv("OPENBLAS_CORETYPE") }
    openblas_set_num_threads(1)
    return true
  }

  /// Whether products of small whole numbers, which are exact, are right in both precisions, and with each operand
  /// transposed.
  static var givesKnownProducts: Bool {
    // Small, odd, and larger than a block in each dimension.
    [(3, 5, 7), (55, 41, 50), (130, 97, 400)].allSatisfy { m, n, k in
      // The routines themselves, because OpenBLAS is not set up yet.
      isKnownProduct(m, n, k) { BLAS.gemm(by: singleBLAS, $0, $1, into: $2, alpha: 1, beta: 0) }
        && isKnownProduct(m, n, k) { BLAS.gemm(by: doubleBLAS, $0, $1, into: $2, alpha: 1, beta: 0) }
    }
  }

  /// Whether `product` gives C = AB, by (AB)r = A(Br) for a vector r of whole numbers.
  static func isKnownProduct<S: MatrixScalar>(
    _ m: Int, _ n: Int, _ k: Int, _ product: (MatrixPointer<S>, MatrixPointer<S>, MutableMatrixPointer<S>) -> Void
  ) -> Bool {
    let a = Matrix<S>(rows: m, columns: k) { i, j in S((i * k + j) * 7 % 9) - 4 }
    let b = Matrix<S>(rows: k, columns: n) { i, j in S((i * n + j) * 5 % 11) - 5 }
    let r = (0..<n).map { Double($0 % 5) - 2 }
    func times(_ x: Matrix<S>, _ v: [Double]) -> [Double] {
      x.withUnsafeBase { base in
        (0..<x.rows).map { i in v.indices.reduce(0) { $0 + Double(base[i * x.columns + $1]) * v[$1] } }
      }
    }
    let expected = times(a, times(b, r))
    // Each operand as it is, and as the transpose of its transpose in memory.
    let (aTurned, bTurned) = (plainTranspose(a), plainTranspose(b))
    return [(false, false), (false, true), (true, false), (true, true)].allSatisfy { isLeftTurned, isRightTurned in
      let c = Output<S>(.zeros, rows: m, columns: n)
      withPointers(to: isLeftTurned ? aTurned : a, isRightTurned ? bTurned : b) { a, b in
        product(isLeftTurned ? a.transposed : a, isRightTurned ? b.transposed : b, c.pointer)
      }
      return times(c.matrix(), r) == expected
    }
  }

  /// The transpose entry by entry: the kernels of this library may not be used before OpenBLAS is set up.
  private static func plainTranspose<S>(_ x: Matrix<S>) -> Matrix<S> {
    x.withUnsafeBase { base in
      Matrix(rows: x.columns, columns: x.rows) { i, j in base[j * x.columns + i] }
    }
  }
}
