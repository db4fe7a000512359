namespace AiAssignments.Optimization.Training.Layers;

/// <summary>A convolution with ReLU and what stands around it.</summary>
/// <param name="Convolution">The convolution.</param>
/// <param name="IsResidual">Its result is added onto its input.</param>
/// <param name="Pools">2 x 2 max pooling follows.</param>
internal sealed record ConvolutionLayer(ImageConvolution Convolution, bool IsResidual, bool Pools);
