import Subspace
import Tensor
import Testing

@Suite struct DescriptionTests {
  @Test func planesAndTheirFiguresAreAFewLines() throws {
    let line = try Basis(spanning: Matrix<Double>([[1], [0], [0]]))
    let plane = try Basis(spanning: Matrix<Double>([[1, 0], [1, 0], [0, 1]]))
    #expect("\(line)" == "plane of 1 dimension in 3" && "\(plane)" == "plane of 2 dimensions in 3")
    let caution = "activations and gradients need the matched null)"
    #expect(
      "\(try line.principalAngles(to: plane))"
        == "1 principal angle in 3 dimensions: 45°\noverlap 0.5 (isotropic chance 0.67 ± 0.3; \(caution)")
    #expect(
      "\(try line.capture(of: [1, 1, 0]))"
        == "energy 0.5 (isotropic chance 0.33 ± 0.3; \(caution)\ncosine 0.707")
    #expect("\(try line.capture(of: [0, 0, 0]))".hasSuffix("\ncosine undefined"))
  }

  @Test func ofManyAnglesTheMiddleIsLeftOut() throws {
    let whole = try Basis(spanning: Matrix<Float>.identity(20))
    let text = "\(try whole.principalAngles(to: whole))"
    #expect(text.hasPrefix("20 principal angles in 20 dimensions: 0°, 0°, 0°, 0°, …, 0°, 0°, 0°\noverlap 1 "))
  }
}
