using AiAssignments.Core.Storage;

namespace AiAssignments.Pipeline.Composition;

/// <summary>The models that are too heavy for this process.</summary>
/// <param name="Shelf">Where the inference servers have their models from.</param>
/// <param name="LeastBytes">Models of this size and more are brought there.</param>
/// <param name="Width">Most requests of one evaluation of such a model at once; 1 or more.</param>
public sealed record HeavyModels(IBlobStore Shelf, long LeastBytes, int Width);
