import CKernels
import Foundation
import _TestSupport
import Testing

@testable import Tensor

/// OpenBLAS where it does not know the processor and falls back to kernels of an old one.
@Suite struct OpenBLASTests {
  @Test func kernelsThatLagAreMendedAndTheResultsAreRight() async {
    await #expect(processExitsWith: .success) {
      // What a user's environment asks for is another case.
      unsetenv("OPENBLAS_CORETYPE")
      let a = Family.random.matrix(150, 150)
      let expected = a * a
      guard OpenBLAS.chooseKernels("Prescott"), ck_level() > 0 else { exit(0) }
      #expect(OpenBLAS.kernels == "Prescott")
      #expect(distance(a * a, expected) < 1e-12)
      let mended = OpenBLASSetUp.mending()
      #expect(mended.chosen == "Prescott" && mended.outcome == .mended && mended.warning == nil)
      #expect(mended.kernels == (ck_level() == 4 ? "SkylakeX" : "Haswell") && OpenBLAS.kernels == mended.kernels)
      #expect(getenv("OPENBLAS_CORETYPE") == nil)
      #expect(distance(a * a, expected) < 1e-12 && OpenBLAS.givesKnownProducts)
      // What is right is left as it is.
      #expect(OpenBLASSetUp.mending().outcome == .fits)
      exit(OpenBLAS.kernels == mended.kernels && mended.outcome == .mended ? 0 : 1)
    }
  }

  @Test func whatTheUserAsksForIsLeftAlone() async {
    await #expect(processExitsWith: .success) {
      guard OpenBLAS.chooseKernels("Prescott"), ck_level() > 0 else { exit(0) }
      setenv("OPENBLAS_CORETYPE", "Prescott", 1)
      let found = OpenBLASSetUp.mending()
      let isLeft = found.outcome == .leftToUser && OpenBLAS.kernels == "Prescott"
      exit(isLeft && found.warning?.contains("OPENBLAS_CORETYPE") == true ? 0 : 1)
    }
  }

  @Test func aProcessorWithoutWideVectorsNeedsNoMending() async {
    await #expect(processExitsWith: .success) {
      setenv("CKERNELS_LEVEL", "0", 1)
      unsetenv("OPENBLAS_CORETYPE")
      exit(OpenBLASSetUp.mending().outcome == .fits ? 0 : 1)
    }
  }

  @Test func aWrongProductIsSeen() {
    #expect(OpenBLAS.givesKnownProducts)
    #expect(
      !OpenBLAS.isKnownProduct(3, 5, 7) { (_, _, c: MutableMatrixPointer<Float>) in
        for i in 0..<c.rows { c.row(i).update(repeating: 1, count: c.columns) }
      })
  }
}
