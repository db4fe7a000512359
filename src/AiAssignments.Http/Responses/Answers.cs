using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Http.Serialization;

namespace AiAssignments.Http.Responses;

/// <summary>Answers as all routes give them. Use <see cref="Secret"/> for what carries keys or tokens: it is neither coded nor kept.</summary>
public static class Answers
{
    /// <summary>What is read: 200 with an ETag, or 304.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="value">The value.</param>
    public static IResult Read<T>(T value) => JsonAnswer.Read(value);

    /// <summary>What was done: 200, not to be kept.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="value">The value.</param>
    public static IResult Done<T>(T value) => JsonAnswer.Of(value);

    /// <summary>What was made: 201 with its path.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="location">The path.</param>
    /// <param name="value">The value.</param>
    public static IResult Created<T>(string location, T value) => JsonAnswer.Of(value, StatusCodes.Status201Created, location);

    /// <summary>What was started: 202 with the path where it is watched.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="location">The path.</param>
    /// <param name="value">The value.</param>
    public static IResult Accepted<T>(string location, T value) => JsonAnswer.Of(value, StatusCodes.Status202Accepted, location);

    /// <summary>Done, and nothing to tell: 204.</summary>
    public static IResult Nothing() => TypedResults.NoContent();

    /// <summary>What nobody may keep: a key, a token.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="status">The status.</param>
    /// <param name="location">Where it can be read again without its secret.</param>
    public static IResult Secret<T>(T value, int status = StatusCodes.Status200OK, string? location = null) => new SecretAnswer(JsonSerializer.SerializeToUtf8Bytes(value, GatewayJson.Options), status, location);

    /// <summary>Refuses a change of something that is not what the caller saw. Nothing is read where there is no <c>If-Match</c>.</summary>
    /// <typeparam name="T">Type of the thing.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="read">Reads the thing as its GET route shows it.</param>
    /// <exception cref="ProblemException"><c>precondition-failed</c>.</exception>
    public static async Task RequireMatchAsync<T>(HttpContext context, Func<Task<T>> read)
    {
        if (context.Request.Headers.IfMatch.Count > 0)
        {
            var present = await read().ConfigureAwait(false);
            EntityTags.Require(context.Request, EntityTags.OfContent(JsonSerializer.SerializeToUtf8Bytes(present, GatewayJson.Options)));
        }
    }
}
