using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Http.Access;
using AiAssignments.Http.Responses;
using AiAssignments.Pipeline.Gateway;

namespace AiAssignments.Http.Requests;

/// <summary>Honours <c>Idempotency-Key</c> on what starts work.</summary>
public static class Idempotency
{
    private const string Header = "Idempotency-Key";

    /// <summary>Does the work, or gives the answer that the same request had. Without a key the work is done.</summary>
    /// <param name="context">The request.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="operation">Name of the route.</param>
    /// <param name="request">What the request says: path values, query and body, or a hash of them.</param>
    /// <param name="work">Does what is asked for; gives the answer as <see cref="Answers"/> makes it.</param>
    /// <exception cref="ProblemException">As <see cref="IdempotencyKeys.RunAsync"/>.</exception>
    public static async Task<IResult> RunAsync(HttpContext context, IdempotencyKeys keys, string operation, ReadOnlyMemory<byte> request, Func<Task<IResult>> work)
    {
        var header = context.Request.Headers[Header];
        if (header.Count == 0)
        {
            return await work().ConfigureAwait(false);
        }

        var caller = context.Caller()?.Id ?? string.Empty;
        var (answer, again) = await keys.RunAsync(caller, operation, header.ToString(), request, async () => Keep(await work().ConfigureAwait(false)), context.RequestAborted).ConfigureAwait(false);
        if (again)
        {
            context.Response.Headers["Idempotency-Replayed"] = "true";
        }

        return new JsonAnswer(Encoding.UTF8.GetBytes(answer.Body ?? string.Empty), answer.Status) { Location = answer.Location };
    }

    private static KeptAnswer Keep(IResult result) => result is JsonAnswer json
        ? new KeptAnswer(json.Status, json.Location, Encoding.UTF8.GetString(json.Content))
        : throw new NotSupportedException($"A {result.GetType().Name} cannot be given again.");
}
