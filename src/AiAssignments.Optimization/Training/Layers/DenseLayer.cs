using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training.Layers;

/// <summary><c>y = x W + b</c> for each row, <c>W</c> being inputs x outputs.</summary>
internal sealed class DenseLayer
{
    public DenseLayer(string name, int inputs, int outputs, SeededRandom random)
    {
        Weights = new Parameter($"{name}.weight", inputs, outputs);
        Bias = new Parameter($"{name}.bias", 1, outputs, decays: false);

        // He et al., "Delving Deep into Rectifiers", 2015: variance 2 / inputs.
        Weights.Randomize(random, MathF.Sqrt(6f / inputs));
    }

    public Parameter Weights { get; }

    public Parameter Bias { get; }

    public int Inputs => Weights.Rows;

    public int Outputs => Weights.Columns;

    public void Forward(ReadOnlySpan<float> x, Span<float> y, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            Bias.Values.CopyTo(y[(row * Outputs)..]);
        }

        MatrixProduct.Add(x, Weights.Values, y, rows, Outputs, Inputs);
    }

    /// <summary>Adds the parameters' gradients and, where there is room for it, sets the input's.</summary>
    public void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> yGradient, Span<float> xGradient, int rows, Gradients gradients)
    {
        MatrixProduct.AddTransposedLeft(x, yGradient, gradients.Dense(Weights), Inputs, Outputs, rows);
        VectorKernels.AddRows(yGradient[..(rows * Outputs)], gradients.Dense(Bias));
        if (!xGradient.IsEmpty)
        {
            xGradient.Clear();
            MatrixProduct.AddTransposedRight(yGradient, Weights.Values, xGradient, rows, Inputs, Outputs);
        }
    }
}
