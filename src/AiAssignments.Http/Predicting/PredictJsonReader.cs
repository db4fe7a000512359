using System.Buffers;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Pipeline.Predictions;

namespace AiAssignments.Http.Predicting;

/// <summary>Reads a predict request's JSON in one pass, by hand: this is on the way of every prediction. Fields that it does not know are refused, so that a slip is not silently another request.</summary>
internal ref struct PredictJsonReader
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 8 };

    private readonly PredictLimits limits;
    private Utf8JsonReader json;

    private PredictJsonReader(ReadOnlySequence<byte> body, PredictLimits limits)
    {
        this.limits = limits;
        json = new Utf8JsonReader(body, Strict);
    }

    /// <exception cref="ProblemException"><c>request-json-invalid</c>, <c>request-field-unknown</c>, <c>request-field-repeated</c>, <c>option-out-of-range</c>, <c>inputs-missing</c>, <c>request-too-large</c>.</exception>
    public static PredictRequest Read(ReadOnlySequence<byte> body, PredictLimits limits, PredictionOptions usual)
    {
        var reader = new PredictJsonReader(body, limits);
        try
        {
            return reader.Root(usual);
        }
        catch (JsonException error)
        {
            throw new ProblemException(
                new Problem("request-json-invalid", "The body is not JSON.", $"line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}"), error);
        }
        catch (InvalidOperationException error)
        {
            throw new ProblemException(new Problem("request-json-invalid", "A text is not valid Unicode.", reader.Place()), error);
        }
    }

    private PredictRequest Root(PredictionOptions usual)
    {
        json.Read();
        Expect(JsonTokenType.StartObject, "The body", "an object, for example {\"text\": \"...\"}");
        List<PredictionInput>? inputs = null;
        var input = default(InputFields);
        var (topK, logits, timeout) = (usual.TopK, usual.Logits, usual.Timeout);
        var seen = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("inputs"u8))
            {
                Once(ref seen, 1);
                inputs = Inputs();
            }
            else if (json.ValueTextEquals("topK"u8))
            {
                Once(ref seen, 2);
                topK = Whole(limits.TopK);
            }
            else if (json.ValueTextEquals("output"u8))
            {
                Once(ref seen, 4);
                logits = Output();
            }
            else if (json.ValueTextEquals("timeoutMs"u8))
            {
                Once(ref seen, 8);
                timeout = TimeSpan.FromMilliseconds(Whole(600_000));
            }
            else
            {
                Field(ref input);
            }
        }

        if (json.Read())
        {
            throw Invalid("Something follows the object.");
        }

        if ((inputs is null) == input.IsEmpty)
        {
            throw new ProblemException("inputs-missing", "The body has either \"inputs\" with a list of inputs, or one input: \"text\" (with or without \"pair\") or \"image\".");
        }

        var options = topK == usual.TopK && logits == usual.Logits && timeout == usual.Timeout ? usual : new PredictionOptions { TopK = topK, Logits = logits, Timeout = timeout };
        return new PredictRequest(inputs ?? (IReadOnlyList<PredictionInput>)[input.ToInput(Place())], options);
    }

    private List<PredictionInput> Inputs()
    {
        json.Read();
        Expect(JsonTokenType.StartArray, "\"inputs\"", "a list of inputs");
        var inputs = new List<PredictionInput>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (inputs.Count == limits.Inputs)
            {
                throw new ProblemException("request-too-large", $"The request has more than {limits.Inputs:N0} inputs; send them in several requests.", $"input {inputs.Count}");
            }

            var where = $"input {inputs.Count}";
            var input = default(InputFields);
            if (json.TokenType == JsonTokenType.String)
            {
                input.Text = Text();
            }
            else
            {
                Expect(JsonTokenType.StartObject, where, "an object with \"text\" or \"image\", or a text");
                while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
                {
                    Field(ref input);
                }
            }

            inputs.Add(input.ToInput(where));
        }

        return inputs.Count > 0 ? inputs : throw new ProblemException("inputs-missing", "\"inputs\" is empty; give 1 or more.");
    }

    private void Field(ref InputFields input)
    {
        if (json.ValueTextEquals("text"u8))
        {
            Once(ref input.Seen, 1);
            json.Read();
            input.Text = Text();
        }
        else if (json.ValueTextEquals("pair"u8))
        {
            Once(ref input.Seen, 2);
            input.Pair = json.Read() && json.TokenType == JsonTokenType.Null ? null : Text();
        }
        else if (json.ValueTextEquals("image"u8))
        {
            Once(ref input.Seen, 4);
            json.Read();
            input.Image = Image();
        }
        else
        {
            var name = json.GetString()!;
            throw new ProblemException("request-field-unknown", $"'{(name.Length <= 60 ? name : name[..60] + "...")}' is not a field of a prediction; it has inputs, text, pair, image, topK, output and timeoutMs.", Place());
        }
    }

    private string Text()
    {
        Expect(JsonTokenType.String, "A text", "a string");
        Bounded(limits.TextBytes, "A text");
        return json.GetString()!;
    }

    private byte[] Image()
    {
        Expect(JsonTokenType.String, "An image", "a string of base64");
        Bounded((limits.ImageBytes * 4L / 3) + 4, "An image");
        return json.TryGetBytesFromBase64(out var bytes) && bytes.Length > 0 ? bytes : throw new ProblemException("image-base64-invalid", "The image is not base64 of one byte or more.", Place());
    }

    private bool Output()
    {
        json.Read();
        Expect(JsonTokenType.String, "\"output\"", "\"scores\" or \"logits\"");
        return json.ValueTextEquals("logits"u8) || (json.ValueTextEquals("scores"u8) ? false : throw Invalid("\"output\" is \"scores\" or \"logits\"."));
    }

    private int Whole(int most)
    {
        json.Read();
        return json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var number) && number >= 1 && number <= most
            ? number
            : throw new ProblemException("option-out-of-range", $"The option must be a whole number from 1 to {most:N0}.", Place());
    }

    private readonly void Bounded(long most, string what)
    {
        var length = json.HasValueSequence ? json.ValueSequence.Length : json.ValueSpan.Length;
        if (length > most)
        {
            throw new ProblemException("request-too-large", $"{what} has {length:N0} bytes; the most is {most:N0}.", Place());
        }
    }

    private readonly void Expect(JsonTokenType type, string what, string wanted)
    {
        if (json.TokenType != type)
        {
            throw Invalid($"{what} must be {wanted}.");
        }
    }

    private readonly void Once(ref int seen, int field)
    {
        if ((seen & field) != 0)
        {
            throw new ProblemException("request-field-repeated", "A field is given twice.", Place());
        }

        seen |= field;
    }

    private readonly ProblemException Invalid(string message) => new("request-json-invalid", message, Place());

    private readonly string Place() => $"byte {json.BytesConsumed}";

    private struct InputFields
    {
        public int Seen;
        public string? Text;
        public string? Pair;
        public byte[]? Image;

        public readonly bool IsEmpty => Text is null && Pair is null && Image is null;

        public readonly PredictionInput ToInput(string where) => this switch
        {
            { Text: { } text, Image: null } => PredictionInput.OfText(text, Pair),
            { Text: null, Pair: null, Image: { } image } => PredictionInput.OfImage(image),
            _ => throw new ProblemException("inputs-missing", "An input is a \"text\" (with or without \"pair\") or an \"image\", and not both.", where),
        };
    }
}
