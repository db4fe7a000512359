using System.Collections.Concurrent;
using AiAssignments.Inference.Tokenization.AddedTokens;
using AiAssignments.Inference.Tokenization.Models;
using AiAssignments.Inference.Tokenization.PostProcessing;
using AiAssignments.Inference.Tokenization.Text;

namespace AiAssignments.Inference.Tokenization;

/// <summary>
/// The way from text to ids that WordPiece and byte-level BPE share: added tokens, normalizer, pre-tokenizer, model, template. Ids, offsets and
/// word ids are those of Hugging Face's tokenizers 0.23.
/// </summary>
internal abstract class SubwordTokenizer : ITokenizer
{
    private readonly TokenizerDefinition definition;
    private readonly AddedTokenMatcher rawTokens = new();
    private readonly AddedTokenMatcher normalizedTokens = new();
    private readonly ConcurrentBag<Workspace> workspaces = [];
    private readonly TokenEdges? edges;

    protected SubwordTokenizer(TokenizerDefinition definition)
    {
        this.definition = definition;
        edges = definition.PostProcessor.TrimOffsets ? new TokenEdges(definition.Model) : null;
        foreach (var token in definition.AddedTokens)
        {
            var form = ScalarText.Of(token.Content);
            if (token.Normalized)
            {
                normalizedTokens.Add(Normalize(form), token);
            }
            else
            {
                rawTokens.Add(form, token);
            }
        }
    }

    /// <inheritdoc />
    public int PadId => definition.PadId;

    /// <inheritdoc />
    public int IdsPerPosition => 1;

    /// <inheritdoc />
    public int SpecialTokens => definition.PostProcessor.SpecialsInSingle;

    /// <inheritdoc />
    public int SpecialTokensInPair => definition.PostProcessor.SpecialsInPair;

    /// <summary>Cuts words into tokens.</summary>
    protected ISubwordModel Model => definition.Model;

    /// <summary>Whether the normalized text must be searched for added tokens.</summary>
    protected bool HasNormalizedTokens => !normalizedTokens.IsEmpty;

    /// <inheritdoc />
    public void Encode(ReadOnlySpan<char> text, ReadOnlySpan<char> pair, bool hasPair, int maxLength, Encoding encoding)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);
        encoding.Clear();
        var processor = definition.PostProcessor;
        var room = Math.Max(0, maxLength - (hasPair ? processor.SpecialsInPair : processor.SpecialsInSingle));

        // What comes after more tokens than can stay need not be looked at.
        var limit = definition.Truncation.FromLeft ? int.MaxValue : maxLength;
        var workspace = Rent();
        workspace.First.Reset(limit);
        workspace.Second.Reset(limit);
        EncodeText(text, -1, workspace, workspace.First);
        if (hasPair)
        {
            EncodeText(pair, -1, workspace, workspace.Second);
        }

        var (first, second) = definition.Truncation.Share(workspace.First.CountAtLimit, workspace.Second.CountAtLimit, room);
        encoding.Truncated = first < workspace.First.Count || second < workspace.Second.Count;
        Finish(workspace, first, second, hasPair ? processor.Pair : processor.Single, encoding);
        Return(workspace);
    }

    /// <inheritdoc />
    public void EncodeWords(IReadOnlyList<string> words, Encoding encoding)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(encoding);
        encoding.Clear();
        var workspace = Rent();
        workspace.First.Reset(int.MaxValue);
        workspace.Second.Reset(int.MaxValue);
        for (var i = 0; i < words.Count; i++)
        {
            EncodeText(words[i], i, workspace, workspace.First);
        }

        Finish(workspace, workspace.First.Count, 0, definition.PostProcessor.Single, encoding);
        Return(workspace);
    }

    /// <summary>Encodes a part of the text in which no added token was found.</summary>
    /// <param name="from">Index of its first scalar value.</param>
    /// <param name="to">Index past its last one.</param>
    /// <param name="words">Numbers the words.</param>
    /// <param name="workspace">Working memory.</param>
    /// <param name="tokens">Receives the tokens.</param>
    protected virtual void EncodePart(int from, int to, ref WordCounter words, Workspace workspace, TokenBuffer tokens)
    {
        var pieces = workspace.Pieces;
        pieces.Clear();
        pieces.Text.AppendOriginal(workspace.Source.Scalars[from..to], from);
        definition.Normalizer?.Normalize(pieces.Text, workspace.Scratch);
        if (!normalizedTokens.TryCut(pieces.Text.CodePoints, pieces.Pieces) && pieces.Text.Count > 0)
        {
            pieces.Pieces.Add(new Piece(0, pieces.Text.Count, -1));
        }

        definition.PreTokenizer?.Split(pieces);
        EncodePieces(pieces, ref words, workspace, tokens);
    }

    /// <summary>Encodes a text that is cut into words.</summary>
    protected void EncodePieces(PieceText pieces, ref WordCounter words, Workspace workspace, TokenBuffer tokens)
    {
        var points = pieces.Text.CodePoints;
        var starts = pieces.Text.Starts;
        var ends = pieces.Text.Ends;
        foreach (var piece in pieces.Pieces)
        {
            if (!tokens.WantsWord())
            {
                return;
            }

            var word = words.Next();
            if (piece.IsToken)
            {
                AddToken(piece.Token, points[piece.Start..piece.End], word, starts[piece.Start], ends[piece.End - 1], tokens);
                continue;
            }

            var at = piece.Start;
            foreach (var token in Model.Segment(points[piece.Start..piece.End], workspace.Model))
            {
                tokens.Add(token.Id, word, starts[at], ends[at + token.Length - 1]);
                at += token.Length;
            }
        }
    }

    private int[] Normalize(int[] text)
    {
        var aligned = new AlignedText();
        aligned.AppendOriginal(text, 0);
        definition.Normalizer?.Normalize(aligned, new AlignedText());
        return aligned.CodePoints.ToArray();
    }

    private void EncodeText(ReadOnlySpan<char> text, int word, Workspace workspace, TokenBuffer tokens)
    {
        var source = workspace.Source;
        source.Set(text);
        var words = new WordCounter(word);
        workspace.Segments.Clear();
        if (!rawTokens.TryCut(source.Scalars, workspace.Segments))
        {
            EncodePart(0, source.Count, ref words, workspace, tokens);
            return;
        }

        foreach (var segment in workspace.Segments)
        {
            if (!tokens.WantsWord())
            {
                return;
            }

            if (segment.IsToken)
            {
                AddToken(segment.Token, source.Scalars[segment.Start..segment.End], words.Next(), segment.Start, segment.End, tokens);
            }
            else
            {
                EncodePart(segment.Start, segment.End, ref words, workspace, tokens);
            }
        }
    }

    private void AddToken(int id, ReadOnlySpan<int> text, int word, int start, int end, TokenBuffer tokens)
    {
        var edge = edges is null ? (0, 0) : TokenEdges.Of(text);
        if (edge != (0, 0))
        {
            tokens.Stripped.Add(tokens.Count, edge);
        }

        tokens.Add(id, word, start, end);
    }

    private void Finish(Workspace workspace, int first, int second, TemplatePiece[] template, Encoding encoding)
    {
        var fromLeft = definition.Truncation.FromLeft;
        foreach (var piece in template)
        {
            foreach (var id in piece.SpecialIds)
            {
                encoding.Add(id, piece.TypeId, -1, 0, 0);
            }

            if (piece.Sequence >= 0)
            {
                var tokens = piece.Sequence == 0 ? workspace.First : workspace.Second;
                var kept = piece.Sequence == 0 ? first : second;
                var skipped = fromLeft ? tokens.Count - kept : 0;
                edges?.Trim(tokens, skipped, skipped + kept, definition.PostProcessor.AddPrefixSpace);
                var ids = tokens.Ids.Slice(skipped, kept);
                var words = tokens.Words.Slice(skipped, kept);
                var starts = tokens.Starts.Slice(skipped, kept);
                var ends = tokens.Ends.Slice(skipped, kept);
                for (var i = 0; i < ids.Length; i++)
                {
                    encoding.Add(ids[i], piece.TypeId, words[i], starts[i], ends[i]);
                }
            }
        }
    }

    private Workspace Rent() => workspaces.TryTake(out var workspace) ? workspace : new Workspace();

    private void Return(Workspace workspace)
    {
        workspace.Trim();
        if (workspaces.Count < Environment.ProcessorCount)
        {
            workspaces.Add(workspace);
        }
    }
}
