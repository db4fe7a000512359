using System.Buffers;
using AiAssignments.Core.Errors;
using AiAssignments.Http.Requests;
using AiAssignments.Pipeline.Predictions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace AiAssignments.Http.Predicting;

/// <summary>Reads a predict request whose body is an image, or a form of images; its options stand in the query.</summary>
internal static class PredictUpload
{
    public static async Task<PredictRequest> ReadImageAsync(HttpRequest request, PredictLimits limits, PredictionOptions options, CancellationToken cancellationToken)
    {
        var image = await RequestBody.ReadBytesAsync(request, limits.ImageBytes, cancellationToken).ConfigureAwait(false);
        return image.Length > 0 ? new PredictRequest([PredictionInput.OfImage(image)], options) : throw new ProblemException("inputs-missing", "The body has no bytes; it must be an image.");
    }

    public static async Task<PredictRequest> ReadFormAsync(HttpRequest request, PredictLimits limits, PredictionOptions options, CancellationToken cancellationToken)
    {
        var boundary = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? HeaderUtilities.RemoveQuotes(type.Boundary).ToString() : string.Empty;
        if (boundary.Length is 0 or > 200)
        {
            throw new ProblemException("request-form-invalid", "The Content-Type of a form has a boundary of 1 to 200 characters.");
        }

        var reader = new MultipartReader(boundary, request.Body) { BodyLengthLimit = limits.BodyBytes, HeadersLengthLimit = 8192 };
        var inputs = new List<PredictionInput>();
        var total = 0L;
        try
        {
            while (await reader.ReadNextSectionAsync(cancellationToken).ConfigureAwait(false) is { } section)
            {
                var where = $"part {inputs.Count}";
                if (section.ContentType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) != true)
                {
                    throw new ProblemException("media-type-unsupported", "Each part of the form is an image with its own Content-Type: image/png, image/jpeg or image/webp; options stand in the query.", where);
                }

                if (inputs.Count == limits.Inputs)
                {
                    throw new ProblemException("request-too-large", $"The form has more than {limits.Inputs:N0} parts; send them in several requests.", where);
                }

                var image = await ReadAsync(section.Body, limits, total, where, cancellationToken).ConfigureAwait(false);
                total += image.Length;
                inputs.Add(PredictionInput.OfImage(image));
            }
        }
        catch (Exception error) when ((error is InvalidDataException || error is IOException and not BadHttpRequestException) && !cancellationToken.IsCancellationRequested)
        {
            throw new ProblemException(new Problem("request-form-invalid", "The body is not a whole multipart form.", $"part {inputs.Count}"), error);
        }

        return inputs.Count > 0 ? new PredictRequest(inputs, options) : throw new ProblemException("inputs-missing", "The form has no part; give 1 image or more.");
    }

    private static async Task<byte[]> ReadAsync(Stream part, PredictLimits limits, long before, string where, CancellationToken cancellationToken)
    {
        using var image = new MemoryStream();
        var chunk = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            while (await part.ReadAsync(chunk, cancellationToken).ConfigureAwait(false) is > 0 and var read)
            {
                if (image.Length + read > limits.ImageBytes || before + image.Length + read > limits.BodyBytes)
                {
                    throw new ProblemException("request-too-large", $"An image has at most {limits.ImageBytes:N0} bytes, and a request {limits.BodyBytes:N0}.", where);
                }

                image.Write(chunk, 0, read);
            }

            return image.Length > 0 ? image.ToArray() : throw new ProblemException("inputs-missing", "The image has no bytes.", where);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }
}
