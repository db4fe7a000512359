using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training;

/// <summary>Sums of gradients of all parameters of a network over some examples.</summary>
public sealed class Gradients
{
    private readonly float[]?[] dense;
    private readonly SparseRows?[] sparse;

    /// <summary>Zero gradients.</summary>
    /// <param name="parameters">A network's parameters.</param>
    public Gradients(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        dense = [.. parameters.Select(parameter => parameter.IsSparse ? null : new float[parameter.Values.Length])];
        sparse = [.. parameters.Select(parameter => parameter.IsSparse ? new SparseRows(parameter.Rows, parameter.Columns) : null)];
    }

    /// <summary>Sums of a dense parameter.</summary>
    /// <param name="parameter">One of the network's.</param>
    public Span<float> Dense(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return dense[parameter.Index] ?? throw new InvalidOperationException($"{parameter.Name} is sparse.");
    }

    /// <summary>Sums of one row of a sparse parameter.</summary>
    /// <param name="parameter">One of the network's.</param>
    /// <param name="row">Row; not 0, which is padding.</param>
    public Span<float> Row(Parameter parameter, int row) => Sparse(parameter).Row(row);

    internal SparseRows Sparse(Parameter parameter) =>
        sparse[parameter.Index] ?? throw new InvalidOperationException($"{parameter.Name} is dense.");

    /// <summary>Adds other sums onto these.</summary>
    /// <param name="other">Of the same network.</param>
    public void Add(Gradients other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < dense.Length; i++)
        {
            if (dense[i] is { } sums)
            {
                VectorKernels.Add(other.dense[i], sums);
            }
            else
            {
                sparse[i]!.Add(other.sparse[i]!);
            }
        }
    }

    /// <summary>Back to zero.</summary>
    public void Clear()
    {
        for (var i = 0; i < dense.Length; i++)
        {
            dense[i]?.AsSpan().Clear();
            sparse[i]?.Clear();
        }
    }
}
