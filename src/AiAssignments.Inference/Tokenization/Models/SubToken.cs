namespace AiAssignments.Inference.Tokenization.Models;

/// <summary>A token of a word.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Length">How many code points of the word it takes.</param>
internal readonly record struct SubToken(int Id, int Length);
