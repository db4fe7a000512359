namespace AiAssignments.Optimization.Distillation.Students;

/// <summary>A student that classifies texts: the mean of hashed n-gram embeddings and a small network.</summary>
public sealed record TextStudentOptions
{
    /// <summary>Hash buckets, 2 to 2^24. Default 16,384.</summary>
    public int Buckets { get; init; } = 16_384;

    /// <summary>Longest word n-gram, 0 to 5. Default 2.</summary>
    public int WordNGrams { get; init; } = 2;

    /// <summary>Shortest character n-gram, 0 (none) to 8. Default 0.</summary>
    public int CharNGramMin { get; init; }

    /// <summary>Longest character n-gram. Default 0.</summary>
    public int CharNGramMax { get; init; }

    /// <summary>Numbers an embedding, 1 to 1,024. Default 16.</summary>
    public int Dimensions { get; init; } = 16;

    /// <summary>Units of the hidden layer, 0 (none) to 4,096. Default 32.</summary>
    public int Hidden { get; init; } = 32;

    /// <summary>Share of the n-grams left out while training, 0 to less than 1. Default 0.3.</summary>
    public double IdDropout { get; init; } = 0.3;

    /// <summary>Share of the hidden units left out while training, 0 to less than 1. Default 0.2.</summary>
    public double Dropout { get; init; } = 0.2;

    /// <summary>Longest text in n-grams. Default 1,024.</summary>
    public int MaxLength { get; init; } = 1024;
}
