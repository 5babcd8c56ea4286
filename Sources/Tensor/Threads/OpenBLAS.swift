import CKernels
import COpenBLAS
import Foundation

/// The BLAS under this library, set up once before the first call.
///
/// OpenBLAS runs on one thread, always: its own threads wait for each other by spinning, which beside busy processes
/// took up to 600 times as long, and concurrent callers of them slow each other down. This library splits work itself.
enum OpenBLAS {
  /// How it was set up; reading it sets it up.
  static let setUp: OpenBLASSetUp = {
    if let reason = reasonToStop { fatalError(reason) }
    openblas_set_num_threads(1)
    return OpenBLASSetUp.mending()
  }()

  /// The name of the kernels that run now, as OpenBLAS gives it: Haswell, SkylakeX, Prescott …
  static var kernels: String { String(cString: openblas_get_corename()) }
}

/// The instruction set of this library's kernels on this processor: 4 for AVX-512, 3 for AVX2, 0 for the baseline.
public var processorLevel: Int { Int(ck_level()) }

/// Which OpenBLAS runs: its version and the kernels it chose for this processor, as it reports them.
public var blasDescription: String {
  _ = OpenBLAS.setUp
  // OpenBLAS ends its text with a space.
  return String(cString: openblas_get_config()).replacing(/^ +| +$/, with: "") + ", " + OpenBLAS.kernels
}
