namespace AiAssignments.Optimization.Quantization.Calibration;

/// <summary>A named input: numbers in row-major order, of float32 (images) or int64 (token ids; given as int32 to a graph that wants that).</summary>
public sealed class CalibrationTensor
{
    /// <summary>An input of float32.</summary>
    /// <param name="name">Name of the model's input.</param>
    /// <param name="values">As many as the product of <paramref name="shape"/>.</param>
    /// <param name="shape">Sizes.</param>
    public CalibrationTensor(string name, float[] values, params long[] shape)
        : this(name, shape, values, null, values?.Length ?? 0)
    {
    }

    /// <summary>An input of int64.</summary>
    /// <param name="name">Name of the model's input.</param>
    /// <param name="values">As many as the product of <paramref name="shape"/>.</param>
    /// <param name="shape">Sizes.</param>
    public CalibrationTensor(string name, long[] values, params long[] shape)
        : this(name, shape, null, values, values?.Length ?? 0)
    {
    }

    private CalibrationTensor(string name, long[] shape, float[]? floats, long[]? longs, int count)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Aggregate(1L, (product, size) => checked(product * size)) != count)
        {
            throw new ArgumentException($"Input '{name}' has {count} values and the shape [{string.Join(", ", shape)}].", nameof(shape));
        }

        (Name, Shape, Floats, Longs) = (name, shape, floats, longs);
    }

    /// <summary>Name of the model's input.</summary>
    public string Name { get; }

    /// <summary>Sizes.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The values, when they are float32.</summary>
    public float[]? Floats { get; }

    /// <summary>The values, when they are int64.</summary>
    public long[]? Longs { get; }
}
