namespace AiAssignments.Core.Models;

/// <summary>
/// The hashing tokenizer of this project's own sample models: word and character n-grams of a lower-cased text, hashed into a fixed number of buckets
/// (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", 2009). Id 0 is padding.
/// </summary>
/// <param name="Buckets">Number of ids, padding included; a power of two plus one is not required.</param>
/// <param name="WordNGrams">Word n-grams of length 1..this. 0: none.</param>
/// <param name="CharNGramMin">Shortest character n-gram inside a word with boundary marks; 0 for none.</param>
/// <param name="CharNGramMax">Longest character n-gram.</param>
/// <param name="IdsPerWord">0 for a bag over the whole text; for taggers the fixed number of feature ids that each word gives.</param>
public sealed record HashedNGramOptions(int Buckets, int WordNGrams, int CharNGramMin, int CharNGramMax, int IdsPerWord = 0);
