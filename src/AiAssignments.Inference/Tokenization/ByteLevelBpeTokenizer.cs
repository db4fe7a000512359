namespace AiAssignments.Inference.Tokenization;

/// <summary>Byte-level BPE (RoBERTa, GPT-2): any text can be written, so nothing is unknown.</summary>
internal sealed class ByteLevelBpeTokenizer(TokenizerDefinition definition) : SubwordTokenizer(definition);
