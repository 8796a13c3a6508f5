namespace SourceNet;

/// <summary>Adds the block's input to its output, <c>x + body(x)</c> (He et al. 2015). Both shapes must agree.</summary>
/// <remarks><see cref="SumAttribute"/> says where, if not at the end.</remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ResidualAttribute : Attribute;
