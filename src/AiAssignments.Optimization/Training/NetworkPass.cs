using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training;

/// <summary>One thread's way through a network and back, one example at a time. Reused from example to example.</summary>
/// <typeparam name="TInput">What an example is to the network.</typeparam>
public abstract class NetworkPass<TInput>
{
    /// <summary>Computes the logits.</summary>
    /// <param name="input">The input.</param>
    /// <param name="dropout">Source of dropout masks while training; <c>null</c> for none.</param>
    /// <returns>Rows x labels; valid until the next call.</returns>
    public abstract ReadOnlySpan<float> Forward(TInput input, SeededRandom? dropout);

    /// <summary>Adds the gradients of the last <see cref="Forward"/>'s example.</summary>
    /// <param name="input">The same input.</param>
    /// <param name="logitGradients">Gradient of the loss by each logit, rows x labels.</param>
    /// <param name="gradients">Added to.</param>
    public abstract void Backward(TInput input, ReadOnlySpan<float> logitGradients, Gradients gradients);

    /// <summary>A buffer of at least a length, grown where it must be; its content is lost then.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="length">Wanted.</param>
    /// <returns>The first <paramref name="length"/> values.</returns>
    protected static Span<float> Room(ref float[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new float[Math.Max(length, buffer.Length * 2)];
        }

        return buffer.AsSpan(0, length);
    }
}
