/** Flags of a check as the user typed them; what is absent was not given. */
export interface GateFlags {
  threshold?: readonly string[] | undefined;
  against?: string | undefined;
  baseline?: readonly string[] | undefined;
  metric?: readonly string[] | undefined;
  failFrom?: string | undefined;
  passBelow?: string | undefined;
  alpha?: string | undefined;
  pairs?: string | undefined;
  maxDuration?: string | undefined;
  report?: readonly string[] | undefined;
}
