namespace AiAssignments.Inference.Scoring;

/// <summary>One row of a batch: a text, or a window of a sentence.</summary>
/// <param name="Record">Ordinal of its record among those given.</param>
/// <param name="Ids">Token ids.</param>
/// <param name="TypeIds">Type ids; <c>null</c> when all are 0.</param>
/// <param name="Words">For tagging: the words whose tags are read from this row.</param>
internal sealed record SequenceItem(int Record, int[] Ids, int[]? TypeIds, WordSlot[]? Words);

/// <summary>Where a word's tag is read.</summary>
/// <param name="Word">Index of the word in its sentence.</param>
/// <param name="Position">Position in the row of outputs.</param>
internal readonly record struct WordSlot(int Word, int Position);
