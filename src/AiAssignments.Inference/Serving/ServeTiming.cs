namespace AiAssignments.Inference.Serving;

/// <summary>Where a request's time went.</summary>
/// <param name="Queue">Waiting for its batch; of a request in several batches the longest.</param>
/// <param name="Tokenize">Tokenizing, or decoding images.</param>
/// <param name="Inference">Running the graph; of a request in several batches their sum.</param>
public readonly record struct ServeTiming(TimeSpan Queue, TimeSpan Tokenize, TimeSpan Inference);
