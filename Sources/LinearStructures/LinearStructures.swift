@_exported public import Extrapolate
@_exported public import Steering
@_exported public import Subspace
@_exported public import Tensor
@_exported public import TensorIO
