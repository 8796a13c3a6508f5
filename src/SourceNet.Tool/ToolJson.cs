using System.Text.Json.Serialization;
using SourceNet.Tool.Baselines;

namespace SourceNet.Tool;

/// <summary>The files that the tool writes and reads.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditReport))]
[JsonSerializable(typeof(Baseline))]
internal sealed partial class ToolJson : JsonSerializerContext;
