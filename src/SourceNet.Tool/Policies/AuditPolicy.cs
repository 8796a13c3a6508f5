using System.Text.Json;
using System.Text.Json.Serialization;
using SourceNet.Tool.Inventory;

namespace SourceNet.Tool.Policies;

/// <summary>What a team asks of the models in the inventory.</summary>
/// <param name="Version">The version of the format, 1.</param>
/// <param name="Rules">Each is checked for every model that it is about.</param>
internal sealed record AuditPolicy(int Version, IReadOnlyList<PolicyRule> Rules)
{
    private const int Newest = 1;

    /// <exception cref="ToolException">The file cannot be read, or says something that cannot be. The message has its line and column.</exception>
    public static AuditPolicy Read(string path)
    {
        byte[] text;
        try
        {
            text = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(ExitCode.Usage, $"{path}: expected a policy that can be read, found: {error.Message}");
        }

        try
        {
            if (JsonSerializer.Deserialize(text, PolicyJson.Default.AuditPolicy) is not { Version: Newest } policy)
            {
                throw new ToolException(ExitCode.Usage, $"{path}(1,1): expected a policy of version {Newest}, found another");
            }

            for (var index = 0; index < policy.Rules.Count; index++)
            {
                // A list may hold nothing at a place, whatever its type says.
                var mistake = policy.Rules[index] is { } rule ? rule.Mistake() is { } wrong ? $"'{rule.Name}': {wrong}" : null : "expected a rule, found null";
                if (mistake is not null)
                {
                    var (line, column) = JsonPlace.OfRule(text, index);
                    throw new ToolException(ExitCode.Usage, $"{path}({line},{column}): {mistake}");
                }
            }

            return policy;
        }
        catch (JsonException error)
        {
            throw new ToolException(ExitCode.Usage, $"{path}({error.LineNumber + 1},{error.BytePositionInLine + 1}): {error.Message}");
        }
    }

    /// <summary>Everything in the models that breaks a rule.</summary>
    public IReadOnlyList<Violation> Check(IEnumerable<ModelEntry> models) => [.. models.SelectMany(model => Rules.SelectMany(rule => rule.Check(model)))];
}

/// <summary>Policies as JSON, without reflection. A name that nobody knows is a mistake.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AuditPolicy))]
internal sealed partial class PolicyJson : JsonSerializerContext;
