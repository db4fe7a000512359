namespace AiAssignments.Optimization.Training.Networks;

/// <summary>Convolutions of one resolution of a <see cref="ConvolutionNetwork"/>; each is 3 x 3 with a border of zeros, then ReLU.</summary>
/// <param name="Filters">Filters of each convolution, 1 or more.</param>
/// <param name="Residual">How many more convolutions follow the first, each added onto its own input (He et al., 2016; without batch normalization). Default 0.</param>
public sealed record ConvolutionStage(int Filters, int Residual = 0);
